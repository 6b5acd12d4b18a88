using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Tests.Values;

public sealed class RisingNumberTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_number_is_greater_than_the_last_also_when_the_clock_is_set_back()
    {
        var numbers = new RisingNumber();
        var last = numbers.Next(Now);
        foreach (var now in (DateTimeOffset[])[Now, Now, Now.AddMicroseconds(1), Now.AddHours(-1), Now.AddHours(1)])
        {
            var next = numbers.Next(now);
            Assert.True(next > last, $"{next} after {last}");
            last = next;
        }
    }

    [Fact]
    public void Nodes_never_have_the_same_number_whatever_their_clocks_show()
    {
        RisingNumber[] nodes = [new(0), new(1), new(RisingNumber.MaxNode)];
        var numbers = Enumerable.Range(0, 1000).SelectMany(n => nodes.Select((node, i) => node.Next(Now.AddMicroseconds((n % 7) + (50 * i))))).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
    }

    [Fact]
    public void A_number_is_not_less_than_the_time_in_microseconds_and_exact_in_JSON()
    {
        for (var microsecond = 0; microsecond < 64; microsecond++)
        {
            var now = Now.AddMicroseconds(microsecond);
            Assert.InRange(new RisingNumber(0).Next(now), Microseconds.From(now), Microseconds.From(now) + 64);
            Assert.InRange(new RisingNumber(RisingNumber.MaxNode).Next(now), Microseconds.From(now), Microseconds.From(now) + 128);
        }

        Assert.True(new RisingNumber(RisingNumber.MaxNode).Next(new DateTimeOffset(2255, 1, 1, 0, 0, 0, TimeSpan.Zero)) < 1L << 53);
    }

    [Fact]
    public void After_a_number_of_another_node_or_of_an_earlier_version_only_greater_ones_follow()
    {
        // An earlier version used every microsecond.
        foreach (var seen in (long[])[Microseconds.From(Now), Microseconds.From(Now) + 63, new RisingNumber(9).Next(Now.AddSeconds(5))])
        {
            var numbers = new RisingNumber();
            numbers.Saw(seen);
            Assert.True(numbers.Next(Now) > seen);
        }
    }

    [Fact]
    public void A_node_has_one_of_64_numbers()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RisingNumber(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RisingNumber(RisingNumber.MaxNode + 1));
    }
}
