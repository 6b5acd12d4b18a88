namespace AllInOne.Actors;

/// <summary>How often a child was restarted in the current window; kept by its supervisor.</summary>
public sealed class ChildRestartStats
{
    private readonly TimeProvider _time;
    private long _windowStart;

    internal ChildRestartStats(IActorRef child, TimeProvider time)
    {
        Child = child;
        _time = time;
    }

    public IActorRef Child { get; }

    /// <summary>Restarts in the current window, the last request included.</summary>
    public uint MaxNrOfRetriesCount { get; private set; }

    /// <summary>Counts one more restart. The window begins with the first one and begins anew after it has run out.</summary>
    /// <param name="maxNrOfRetries">Negative: no limit, or once where there is a window. Zero: never.</param>
    /// <param name="withinTimeMilliseconds">Negative: one window without end.</param>
    /// <returns>Whether it is within the limit.</returns>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0)
        {
            return false;
        }

        if (maxNrOfRetries < 0 && withinTimeMilliseconds <= 0)
        {
            MaxNrOfRetriesCount++;
            return true;
        }

        if (withinTimeMilliseconds <= 0)
        {
            return ++MaxNrOfRetriesCount <= maxNrOfRetries;
        }

        var limit = maxNrOfRetries < 0 ? 1 : maxNrOfRetries;
        var now = _time.GetTimestamp();
        if (MaxNrOfRetriesCount == 0 || _time.GetElapsedTime(_windowStart, now).TotalMilliseconds > withinTimeMilliseconds)
        {
            MaxNrOfRetriesCount = 1;
            _windowStart = now;
            return true;
        }

        return ++MaxNrOfRetriesCount <= limit;
    }
}
