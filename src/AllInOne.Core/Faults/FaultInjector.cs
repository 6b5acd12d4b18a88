using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Faults;

/// <summary>
/// Causes faults on purpose, to show that other parts are not affected. Each fault is an actor below <c>/user/faults</c> and ends by itself after its
/// duration. Number, duration and memory are bounded; a stopped fault counts until its thread is free.
/// </summary>
public sealed class FaultInjector
{
    private readonly FaultsOptions _options;
    private int _count;
    private long _leaked;
    private long _lastNumber;

    internal FaultInjector(FaultsOptions options, TimeProvider clock) => (_options, Clock) = (options, clock);

    /// <summary>The maximum number of faults at the same time.</summary>
    public int MaxCount => _options.MaxCount;

    /// <summary>The maximum duration of a fault.</summary>
    public TimeSpan MaxDuration => _options.MaxDuration;

    /// <summary>The present number of faults.</summary>
    public int Running => Volatile.Read(ref _count);

    /// <summary>The number of bytes that all leaks together hold.</summary>
    public long Leaked => Interlocked.Read(ref _leaked);

    internal TimeProvider Clock { get; }

    /// <summary>Begins this many faults.</summary>
    /// <exception cref="UnavailableException"><c>/user/faults</c> is stopped, or there would be too many faults at the same time.</exception>
    public void Inject(FaultKind kind, int count, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, _options.MaxDuration);
        if (Supervisor.Current is null)
        {
            throw new UnavailableException("Faults are stopped.");
        }

        if (Interlocked.Add(ref _count, count) > _options.MaxCount)
        {
            Interlocked.Add(ref _count, -count);
            throw new UnavailableException($"There are {Running} faults, and {_options.MaxCount} may be at a time.");
        }

        for (var i = 0; i < count; i++)
        {
            Supervisor.Tell(new FaultsSupervisor.Begin(new Fault(this, kind, duration)));
        }
    }

    /// <summary>The address of <c>/user/faults</c>.</summary>
    internal ActorAddress Supervisor { get; } = new("/user/faults", capacity: 0);

    internal string NextName(FaultKind kind) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind.ToString().ToLowerInvariant()}-{Interlocked.Increment(ref _lastNumber)}");

    /// <summary>Ends a fault: it does not count any more.</summary>
    internal void Close(Fault fault)
    {
        if (fault.TryRelease())
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Whether a leak may hold this many more bytes.</summary>
    internal bool TryLeak(int bytes)
    {
        if (Interlocked.Add(ref _leaked, bytes) <= _options.MaxLeakBytes)
        {
            return true;
        }

        Interlocked.Add(ref _leaked, -bytes);
        return false;
    }

    internal void Unleak(long bytes) => Interlocked.Add(ref _leaked, -bytes);
}
