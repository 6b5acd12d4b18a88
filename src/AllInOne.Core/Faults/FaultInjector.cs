using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Faults;

/// <summary>
/// Makes things go wrong on purpose, to see that nothing else does: each fault is an actor of its own below <c>/user/faults</c> and
/// ends by itself after its time. Bounded in number, time and memory; a fault that was stopped counts until its thread is free.
/// </summary>
public sealed class FaultInjector
{
    private readonly FaultsOptions _options;
    private int _count;
    private long _leaked;
    private long _lastNumber;

    internal FaultInjector(FaultsOptions options, TimeProvider clock) => (_options, Clock) = (options, clock);

    /// <summary>How many there may be at a time.</summary>
    public int MaxCount => _options.MaxCount;

    /// <summary>The longest that one may last.</summary>
    public TimeSpan MaxDuration => _options.MaxDuration;

    /// <summary>How many there are now.</summary>
    public int Running => Volatile.Read(ref _count);

    /// <summary>Bytes that all leaks together hold.</summary>
    public long Leaked => Interlocked.Read(ref _leaked);

    internal TimeProvider Clock { get; }

    /// <summary>Begins so many faults.</summary>
    /// <exception cref="UnavailableException"><c>/user/faults</c> is stopped, or there would be too many at a time.</exception>
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

    /// <summary>The fault is over; it counts no longer.</summary>
    internal void Close(Fault fault)
    {
        if (fault.TryRelease())
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Whether a leak may hold so much more.</summary>
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
