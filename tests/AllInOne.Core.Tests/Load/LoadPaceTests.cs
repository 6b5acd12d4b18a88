using AllInOne.Core.Load;

namespace AllInOne.Core.Tests.Load;

public class LoadPaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    [InlineData(100_001)]
    public void Each_worker_has_one_turn_a_second_spread_evenly(int workers)
    {
        var pace = new LoadPace();
        var beats = Enumerable.Range(0, 1000).Select(_ => pace.Due(workers, TimeSpan.FromMilliseconds(10))).ToList();
        Assert.InRange(beats.Sum(), (workers * 10) - 1, workers * 10);
        Assert.InRange(beats.Max() - beats.Min(), 0, 1);
    }

    [Fact]
    public void Turns_missed_in_a_short_stall_are_made_up_but_a_longer_stall_is_not()
    {
        var pace = new LoadPace();
        Assert.Equal(80, pace.Due(1000, TimeSpan.FromMilliseconds(80)));
        Assert.Equal(100, pace.Due(1000, TimeSpan.FromMilliseconds(500)));
        Assert.Equal(100, pace.Due(1000, TimeSpan.FromHours(1)));
        Assert.Equal(10, pace.Due(1000, TimeSpan.FromMilliseconds(10)));
    }

    [Fact]
    public void Without_workers_nothing_is_due() => Assert.Equal(0, new LoadPace().Due(0, TimeSpan.FromSeconds(5)));
}
