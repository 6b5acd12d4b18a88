using System.Collections.Concurrent;

namespace AllInOne.Core.Jobs.Counting;

/// <summary>The counters of all jobs, by id. Thread-safe.</summary>
internal sealed class JobCounterTable
{
    private readonly ConcurrentDictionary<JobId, JobCounters> _counters = new();

    /// <summary>The counters of all jobs together.</summary>
    public JobCounters All { get; } = new(null);

    /// <summary>The counters of one job.</summary>
    public JobCounters Of(JobId id) => _counters.GetOrAdd(id, static (_, all) => new JobCounters(all), All);

    /// <summary>Forgets a deleted job. Its dead items were deleted with it.</summary>
    public void Remove(JobId id)
    {
        if (_counters.TryRemove(id, out var counters))
        {
            counters.AddDead(-counters.Dead);
        }
    }

    /// <summary>Counts the current work again: no run is active, and these items are in the queues.</summary>
    public void Restore(IReadOnlyList<QueueItem> items)
    {
        All.Reset();
        foreach (var counters in _counters.Values)
        {
            counters.Reset();
        }

        foreach (var item in items)
        {
            Of(item.Job).Enqueue(item);
        }
    }
}
