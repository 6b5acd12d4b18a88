using AllInOne.Core.Values;

namespace AllInOne.Core.Tests;

public class StripedCounterTests
{
    [Fact]
    public void The_counter_is_exact_with_many_threads()
    {
        var counter = new StripedCounter();
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                counter.Increment();
            }
        });
        Assert.Equal(400_000, counter.Total);
    }
}
