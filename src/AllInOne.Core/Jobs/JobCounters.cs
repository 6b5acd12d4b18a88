namespace AllInOne.Core.Jobs;

/// <summary>
/// What is counted of one job since the start, and with it of all: what is counted of a job counts for all, too. Written by whoever runs the jobs and
/// by the writer's answers, read by any thread.
/// </summary>
public sealed class JobCounters
{
    private readonly JobCounters? _all;
    private readonly long[] _outcomes = new long[5];
    private long _skipped;
    private long _ticks;
    private int _running;
    private int _waiting;
    private int _queued;
    private int _dead;
    private int _discarding;
    private volatile Run? _last;

    internal JobCounters(JobCounters? all) => _all = all;

    /// <summary>Runs that go on.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Runs that wait for a place, or for one another.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Items of the queue, those being run included.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Items that were tried as often as they may.</summary>
    public int Dead => Volatile.Read(ref _dead);

    /// <summary>Times for which there was no run, because of an overlap or because too many waited.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>What the ended runs took together.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>The run that ended last.</summary>
    public Run? Last => _last;

    public long Ended(RunOutcome outcome) => Interlocked.Read(ref _outcomes[(int)outcome]);

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

    internal void AddQueued(int count)
    {
        Interlocked.Add(ref _queued, count);
        _all?.AddQueued(count);
    }

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

    /// <summary>False while somebody else discards dead items of this job already.</summary>
    internal bool TryBeginDiscard() => Interlocked.Exchange(ref _discarding, 1) == 0;

    internal void EndDiscard() => Volatile.Write(ref _discarding, 0);

    internal void RunEnded(Run run)
    {
        _all?.RunEnded(run);
        Interlocked.Increment(ref _outcomes[(int)run.Outcome!.Value]);
        Interlocked.Add(ref _ticks, (run.Ended!.Value - run.Started).Ticks);
        _last = run with { Output = null };
    }

    /// <summary>As at a start: what goes on is not known any more. Of this job alone, or of all alone.</summary>
    internal void Reset()
    {
        Volatile.Write(ref _running, 0);
        Volatile.Write(ref _waiting, 0);
        Volatile.Write(ref _queued, 0);
    }
}
