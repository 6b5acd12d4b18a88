using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Tests.Jobs;

public sealed class TimeQueueTests
{
    private static readonly DateTimeOffset Noon = JobsAtWork.At("2026-03-01T12:00:00Z");

    private readonly HashSet<int> _dropped = [];
    private readonly TimeQueue<int> _queue;

    public TimeQueueTests() => _queue = new TimeQueue<int>(_dropped.Contains);

    [Fact]
    public void Elements_come_at_their_times_and_with_the_same_time_in_their_order()
    {
        Add(2, 20);
        Add(1, 10);
        Add(1, 11);
        Add(1, 12);
        Assert.Equal(Noon.AddSeconds(1), _queue.Next);
        Assert.Empty(TakeAll(0));
        Assert.Equal([10, 11, 12], TakeAll(1));
        Assert.Equal([20], TakeAll(5));
        Assert.Null(_queue.Next);
    }

    [Fact]
    public void A_dropped_element_never_comes()
    {
        Add(1, 10);
        Add(2, 20);
        _dropped.Add(10);
        _queue.Drop(1);
        Assert.Equal([20], TakeAll(2));
    }

    [Fact]
    public void When_half_of_a_large_queue_is_dropped_its_memory_is_free()
    {
        for (var n = 0; n < 4000; n++)
        {
            Add(1 + (n % 7), n);
        }

        _dropped.UnionWith(Enumerable.Range(0, 4000).Where(n => n % 2 == 0));
        _queue.Drop(1999);
        Assert.Equal(4000, _queue.Count);
        _queue.Drop(1);
        Assert.Equal(2000, _queue.Count);
        Assert.Equal(Enumerable.Range(0, 4000).Where(n => n % 2 == 1).OrderBy(n => n % 7).ThenBy(n => n), TakeAll(10));
    }

    private void Add(int seconds, int element) => _queue.Add(Noon.AddSeconds(seconds), element);

    private List<int> TakeAll(int seconds)
    {
        var taken = new List<int>();
        while (_queue.TryTake(Noon.AddSeconds(seconds), out var element))
        {
            taken.Add(element);
        }

        return taken;
    }
}
