using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Requests;

/// <summary>
/// The facade of the calculations: each calculation is an actor below <c>/user/requests</c>, so a calculation that crashes or never ends does not
/// affect the others. Bounded: a calculation counts until its actor has ended, even if its caller has disconnected. Owned by the program. When
/// <c>/user/requests</c> stops or restarts, all waiting callers are notified at once.
/// </summary>
public sealed class Calculations
{
    private readonly RequestsOptions _options;
    private readonly TimeProvider _clock;
    private int _count;
    private long _lastNumber;

    internal Calculations(RequestsOptions options, TimeProvider clock) => (_options, _clock) = (options, clock);

    /// <summary>The greatest number up to which a sum can be requested.</summary>
    public long MaxSum => _options.MaxSum;

    /// <summary>The present number of calculations.</summary>
    public int Running => Volatile.Read(ref _count);

    /// <summary>Calculates 1 + 2 + … + n in an actor of its own.</summary>
    /// <param name="cancel">Ends the wait, because the caller has disconnected. The calculation continues.</param>
    /// <exception cref="UnavailableException"><c>/user/requests</c> is stopped.</exception>
    public async Task<CalculationOutcome> SumAsync(long n, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, _options.MaxSum);
        if (Supervisor.Current is null)
        {
            throw new UnavailableException("Requests are stopped.");
        }

        if (Interlocked.Increment(ref _count) > _options.MaxConcurrent)
        {
            Interlocked.Decrement(ref _count);
            return new CalculationOutcome.Refused(_options.MaxConcurrent);
        }

        var calculation = new Calculation(n);
        Supervisor.Tell(new RequestsSupervisor.Calculate(calculation, this));
        try
        {
            return await calculation.Ended.WaitAsync(_options.Timeout, _clock, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new CalculationOutcome.TimedOut(_options.Timeout);
        }
    }

    /// <summary>The address of <c>/user/requests</c>.</summary>
    internal ActorAddress Supervisor { get; } = new("/user/requests", capacity: 0);

    /// <summary>A number for the name of the next actor. It is never used twice.</summary>
    internal long NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>The calculation has ended: it counts no longer, and its caller gets the outcome. Only the first call has an effect.</summary>
    internal void Close(Calculation calculation, CalculationOutcome outcome)
    {
        // Release the place first, because a caller that gets the answer may send its next request at once.
        if (calculation.TryRelease())
        {
            Interlocked.Decrement(ref _count);
        }

        calculation.End(outcome);
    }
}
