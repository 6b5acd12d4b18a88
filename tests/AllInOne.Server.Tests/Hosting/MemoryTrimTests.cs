using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Tests.Hosting;

public sealed class MemoryTrimTests
{
    private static readonly TimeSpan After = new MemoryOptions().TrimAfter;

    private readonly FakeClock _clock = new();
    private long _allocated;
    private int _trims;

    [Fact]
    public void Memory_is_returned_once_after_a_load_when_the_process_is_quiet()
    {
        using var trim = Create(new MemoryOptions());
        Pass(MemoryTrim.Worthwhile);
        Assert.Equal(0, _trims);

        Pass(0);
        Pass(0);
        Assert.Equal(1, _trims);

        Pass(MemoryTrim.Worthwhile);
        Pass(MemoryTrim.Quiet);
        Assert.Equal(1, _trims);

        Pass(MemoryTrim.Quiet - 1);
        Assert.Equal(2, _trims);
    }

    [Fact]
    public void A_quiet_process_without_a_load_is_left_alone()
    {
        using var trim = Create(new MemoryOptions());
        for (var n = 0; n < 10; n++)
        {
            Pass(1024);
        }

        Assert.Equal(0, _trims);
    }

    [Theory]
    [InlineData(0, long.MaxValue)]
    [InlineData(10, 0)]
    public void The_trim_can_be_switched_off_and_skips_a_large_heap(int after, long largest)
    {
        using var trim = Create(new MemoryOptions { TrimAfter = TimeSpan.FromSeconds(after), TrimLargest = largest });
        Pass(MemoryTrim.Worthwhile);
        Pass(0);

        Assert.Equal(0, _trims);
    }

    private MemoryTrim Create(MemoryOptions options) => new(options, _clock, () => _allocated, () => _trims++);

    /// <summary>Passes one interval in which this many bytes are allocated.</summary>
    private void Pass(long allocated)
    {
        _allocated += allocated;
        _clock.Advance(After);
    }
}
