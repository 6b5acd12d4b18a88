namespace AllInOne.Core.Jobs;

/// <summary>What is counted of one job, or of all, since the start. Written by <c>/user/jobs/runs</c>, read by any thread.</summary>
public sealed class JobCounters
{
    private readonly long[] _outcomes = new long[5];
    private long _skipped;
    private long _ticks;
    private int _running;
    private int _waiting;
    private int _queued;
    private int _dead;
    private volatile Run? _last;

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

    internal void AddRunning(int count) => Interlocked.Add(ref _running, count);

    internal void AddWaiting(int count) => Interlocked.Add(ref _waiting, count);

    internal void AddQueued(int count) => Interlocked.Add(ref _queued, count);

    internal void AddDead(int count) => Interlocked.Add(ref _dead, count);

    internal void Skip() => Interlocked.Increment(ref _skipped);

    internal void End(Run run)
    {
        Interlocked.Increment(ref _outcomes[(int)run.Outcome!.Value]);
        Interlocked.Add(ref _ticks, (run.Ended!.Value - run.Started).Ticks);
        _last = run with { Output = null };
    }

    /// <summary>As at a start: what goes on is not known any more.</summary>
    internal void Begin()
    {
        Volatile.Write(ref _running, 0);
        Volatile.Write(ref _waiting, 0);
        Volatile.Write(ref _queued, 0);
    }
}
