namespace AllInOne.Core.Jobs.Counting;

/// <summary>
/// The counters of one job since the start, or of all jobs: each count of a job also counts for all. Written by <c>/user/jobs/runs</c> and
/// by the answers of the writer, read by any thread.
/// </summary>
public sealed class JobCounters
{
    private readonly JobCounters? _all;
    private readonly long[] _outcomes = new long[5];
    private long _skipped;
    private long _ticks;
    private long _queuedBytes;
    private int _running;
    private int _waiting;
    private int _queued;
    private int _dead;
    private int _discarding;
    private volatile Run? _last;

    internal JobCounters(JobCounters? all) => _all = all;

    /// <summary>Active runs.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Runs that wait for a place or for another run of the job.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Items of the queue, including running items.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Items that have failed in their last attempt.</summary>
    public int Dead => Volatile.Read(ref _dead);

    /// <summary>Skipped times: because of an overlap, or because too many runs waited.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>The total duration of the completed runs.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>The run that completed last.</summary>
    public Run? Last => _last;

    /// <summary>The size of the parameters of the items of the queue.</summary>
    internal long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>The number of completed runs with this outcome.</summary>
    public long Completed(RunOutcome outcome) => Interlocked.Read(ref _outcomes[(int)outcome]);

    internal void AddRunning(int count)
    {
        Interlocked.Add(ref _running, count);
        _all?.AddRunning(count);
    }

    internal void AddWaiting(int count)
    {
        Interlocked.Add(ref _waiting, count);
        _all?.AddWaiting(count);
    }

    /// <summary>Items come into the queue or, with negative numbers, leave it.</summary>
    internal void AddQueued(int count, long bytes)
    {
        Interlocked.Add(ref _queued, count);
        Interlocked.Add(ref _queuedBytes, bytes);
        _all?.AddQueued(count, bytes);
    }

    /// <summary>An item comes into the queue.</summary>
    internal void Enqueue(QueueItem item) => AddQueued(1, item.Parameters.Length);

    /// <summary>An item leaves the queue.</summary>
    internal void Dequeue(QueueItem item) => AddQueued(-1, -item.Parameters.Length);

    internal void AddDead(int count)
    {
        Interlocked.Add(ref _dead, count);
        _all?.AddDead(count);
    }

    internal void Skip()
    {
        Interlocked.Increment(ref _skipped);
        _all?.Skip();
    }

    /// <summary>Starts to discard dead items. Returns false while another thread already does this for the same job.</summary>
    internal bool TryStartDiscard() => Interlocked.Exchange(ref _discarding, 1) == 0;

    internal void FinishDiscard() => Volatile.Write(ref _discarding, 0);

    internal void Complete(Run run)
    {
        _all?.Complete(run);
        Interlocked.Increment(ref _outcomes[(int)run.Outcome!.Value]);
        Interlocked.Add(ref _ticks, (run.Ended!.Value - run.Started).Ticks);
        _last = run with { Output = null };
    }

    /// <summary>Sets the counters of current work to zero, because the runs of the previous incarnation are gone. It changes only this object.</summary>
    internal void Reset()
    {
        Volatile.Write(ref _running, 0);
        Volatile.Write(ref _waiting, 0);
        Volatile.Write(ref _queued, 0);
        Interlocked.Exchange(ref _queuedBytes, 0);
    }
}
