using System.Collections.Concurrent;
using Akka.Actor;
using AllInOne.Core.Values;

namespace AllInOne.Core.Requests;

/// <summary>
/// Application work done for a caller: each calculation is an actor of its own below <c>/user/requests</c>, so that one that crashes or
/// never ends does not affect the others. Bounded: a calculation counts until its actor has ended, also when its caller has left.
/// Owned by the program. When <c>/user/requests</c> stops or restarts, all waiting callers are notified at once.
/// </summary>
public sealed class Calculations
{
    private readonly RequestsOptions _options;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Calculation, byte> _open = [];
    private int _count;
    private long _lastNumber;
    private volatile IActorRef? _supervisor;

    internal Calculations(RequestsOptions options, TimeProvider clock) => (_options, _clock) = (options, clock);

    /// <summary>The largest number that may be summed up to.</summary>
    public long MaxSum => _options.MaxSum;

    /// <summary>How many there are now.</summary>
    public int Running => Volatile.Read(ref _count);

    /// <summary>1 + 2 + … + n, by an actor of its own.</summary>
    /// <param name="cancel">The caller has left; the calculation continues.</param>
    /// <exception cref="UnavailableException"><c>/user/requests</c> is stopped.</exception>
    public async Task<CalculationOutcome> SumAsync(long n, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, _options.MaxSum);
        if (_supervisor is not { } supervisor)
        {
            throw new UnavailableException("Requests are stopped.");
        }

        var calculation = new Calculation(n);
        if (!TryOpen(calculation))
        {
            return new CalculationOutcome.Refused(_options.MaxConcurrent);
        }

        supervisor.Tell(new RequestsSupervisor.Calculate(calculation), ActorRefs.NoSender);
        if (!ReferenceEquals(_supervisor, supervisor))
        {
            // It stopped meanwhile, and may not have seen this one.
            Close(calculation, new CalculationOutcome.Stopped());
        }

        try
        {
            return await calculation.Ended.WaitAsync(_options.Timeout, _clock, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new CalculationOutcome.TimedOut(_options.Timeout);
        }
    }

    /// <summary>A number for the next actor's name; never given twice.</summary>
    internal long NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>Sets the actor that receives messages from now on.</summary>
    internal void Attach(IActorRef supervisor) => _supervisor = supervisor;

    /// <summary>The supervisor is gone, so all waiting callers fail.</summary>
    internal void Detach()
    {
        // In this order: see SumAsync.
        _supervisor = null;
        foreach (var calculation in _open.Keys)
        {
            Close(calculation, new CalculationOutcome.Stopped());
        }
    }

    internal bool IsOpen(Calculation calculation) => _open.ContainsKey(calculation);

    /// <summary>It has ended: it counts no longer, and its caller gets the outcome unless there is one already.</summary>
    internal void Close(Calculation calculation, CalculationOutcome outcome)
    {
        // The place first: who has the answer may ask again.
        if (_open.TryRemove(calculation, out _))
        {
            Interlocked.Decrement(ref _count);
        }

        calculation.End(outcome);
    }

    private bool TryOpen(Calculation calculation)
    {
        if (Interlocked.Increment(ref _count) > _options.MaxConcurrent)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _open[calculation] = 0;
        return true;
    }
}
