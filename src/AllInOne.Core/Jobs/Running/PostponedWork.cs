namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// The work of all jobs that is not due yet: retries, items with a delay, and runs whose record could not be stored and that start a little later. It
/// also keeps the numbers of each job. All times are on the steady clock.
/// </summary>
internal sealed class PostponedWork
{
    private readonly TimeQueue<Entry> _entries = new(entry => entry.IsDropped);

    /// <summary>The time of the first entry; null if there is none.</summary>
    public DateTimeOffset? Next => _entries.Next;

    /// <summary>An item that is not due yet.</summary>
    public void Add(JobState state, QueueItem item)
    {
        Count(state, item, 1);
        _entries.Add(item.Due, new Entry(state, null, item));
    }

    /// <summary>The retry of a failed run.</summary>
    public void AddRetry(JobState state, Run failed)
    {
        state.Retries++;
        _entries.Add(failed.Retry!.Value, new Entry(state, PendingRun.RetryOf(state, failed), null));
    }

    /// <summary>A run that keeps its place.</summary>
    public void AddRefused(DateTimeOffset due, PendingRun run) => _entries.Add(due, new Entry(run.State, run with { HasPlace = true }, null));

    /// <summary>Takes the next entry whose time has come: a run or an item. A retry still counts as pending.</summary>
    public bool TryTake(DateTimeOffset now, out Entry next)
    {
        if (!_entries.TryTake(now, out next))
        {
            return false;
        }

        if (next.Item is { } item)
        {
            Count(next.State, item, -1);
        }

        return true;
    }

    /// <summary>Drops the retries and items of a job that was deleted, and takes the items out of the counters.</summary>
    public void Drop(JobState state)
    {
        state.Counters.AddQueued(-state.PostponedItems.Count, -state.PostponedItems.Bytes);
        _entries.Drop(state.PostponedItems.Count + state.Retries - state.HeldRetries.Count);
    }

    private static void Count(JobState state, QueueItem item, int count) =>
        state.PostponedItems = (state.PostponedItems.Count + count, state.PostponedItems.Bytes + (count * (long)item.Parameters.Length));

    /// <summary>A run or an item that is not due yet.</summary>
    public readonly record struct Entry(JobState State, PendingRun? Run, QueueItem? Item)
    {
        /// <summary>A run with a place is not dropped with its job: its place must be released.</summary>
        public bool IsDropped => State.Job is null && Run is not { HasPlace: true };
    }
}
