using AllInOne.Core.Load;

namespace AllInOne.Core.Tests.Load;

public class LoadCounterTests
{
    [Fact]
    public void It_counts_exactly_from_many_threads()
    {
        var counter = new LoadCounter();
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
