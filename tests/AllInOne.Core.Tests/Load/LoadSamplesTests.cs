using AllInOne.Core.Load;

namespace AllInOne.Core.Tests.Load;

public class LoadSamplesTests
{
    private static readonly TimeSpan Interval = LoadSamples.Interval;

    [Fact]
    public void Samples_are_read_oldest_first_and_cover_at_most_a_minute()
    {
        var samples = new LoadSamples();
        for (var i = 0; i < 700; i++)
        {
            samples.Add(i, 0.5, Interval);
        }

        var read = samples.Read(workers: 3);
        Assert.Equal(3, read.Workers);
        Assert.Equal(Enumerable.Range(100, 600).Select(i => (double)i), read.SuccessesPerSecond);
        Assert.Equal(600, read.Cpu.Count);
    }

    [Fact]
    public void A_late_sample_counts_for_all_intervals_that_it_took()
    {
        var samples = new LoadSamples();
        samples.Add(10, 0.1, Interval * 3.1);
        Assert.Equal([10, 10, 10], samples.Read(0).SuccessesPerSecond);
        Assert.Equal([0.1, 0.1, 0.1], samples.Read(0).Cpu);
    }

    [Fact]
    public void The_share_of_the_processor_is_never_more_than_one()
    {
        var samples = new LoadSamples();
        samples.Add(0, 1.07, Interval);
        samples.Add(0, -0.01, Interval);
        Assert.Equal([1, 0], samples.Read(0).Cpu);
    }
}
