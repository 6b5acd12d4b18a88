using AllInOne.Core.Values;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Limits;

namespace AllInOne.Server.Tests.Http.Limits;

public sealed class MemoryReserveTests
{
    private const long Most = 1000;

    private readonly FakeClock _clock = new();
    private readonly MemoryReserve _reserve;
    private long _live;
    private long _garbage;
    private int _collections;

    public MemoryReserveTests() => _reserve = new MemoryReserve(Most, _clock, () => _live + _garbage, () =>
    {
        _garbage = 0;
        _collections++;
    });

    [Fact]
    public void Garbage_alone_does_not_make_memory_short_and_is_not_collected_before_it_fills_the_heap()
    {
        (_live, _garbage) = (500, 499);
        Assert.False(IsShort());
        Assert.Equal(0, _collections);

        _garbage = 500;
        Assert.False(IsShort());
        Assert.Equal((1, 0), (_collections, _garbage));
    }

    [Fact]
    public void Memory_is_short_while_data_fills_the_heap_and_no_longer()
    {
        _live = 1000;
        Assert.True(IsShort());
        Assert.True(IsShort());

        _live = 999;
        Assert.False(IsShort());
    }

    [Fact]
    public void A_heap_that_is_full_of_garbage_again_and_again_is_not_collected_each_time()
    {
        for (var n = 0; n < 50; n++)
        {
            _garbage = 1000;
            Assert.False(IsShort());
        }

        Assert.Equal(50 * MemoryReserve.CheckInterval / MemoryReserve.CollectInterval, _collections);
    }

    [Fact]
    public void While_memory_is_short_no_request_holds_more_and_the_refusal_names_the_key()
    {
        var memory = RequestMemory.OfBodies(10_000, _reserve);
        using var share = memory.Open();
        share.Need(100);
        _live = 1000;
        _clock.Advance(MemoryReserve.CheckInterval);

        Assert.False(share.TryAdd(1));
        Assert.Contains("Memory:Reserve", Assert.Throws<UnavailableException>(() => share.Need(200)).Message, StringComparison.Ordinal);
        Assert.Equal(100, memory.Held);

        _live = 0;
        _clock.Advance(MemoryReserve.CheckInterval);
        share.Need(200);
        Assert.Equal(200, memory.Held);
    }

    [Theory]
    [InlineData(100, 25)]
    [InlineData(1024, 256)]
    [InlineData(32 * 1024, 1024)]
    public void The_default_is_a_quarter_of_the_memory_and_at_most_a_gibibyte(long available, long reserve)
    {
        const long Mebibyte = 1024 * 1024;

        Assert.InRange(new MemoryBudget(available * Mebibyte).Reserve, (reserve * Mebibyte) - 100, reserve * Mebibyte);
    }

    private bool IsShort()
    {
        _clock.Advance(MemoryReserve.CheckInterval);
        return _reserve.IsShort;
    }
}
