namespace AllInOne.Core.Live;

/// <summary>
/// Whether a client takes what is sent to it, judged by the bytes that it acknowledged at each look. For one thread at a time; not to be copied.
/// </summary>
public struct ClientProgress
{
    // One more than what was acknowledged, so that the default is none.
    private long _acknowledged;
    private long _since;

    /// <summary>Whether bytes wait and the client has acknowledged none of them for <paramref name="limit"/>, as far as earlier looks saw.</summary>
    /// <param name="acknowledged">The bytes acknowledged until now; null when no bytes wait, or where that is not known.</param>
    /// <param name="limit">How long the client may acknowledge nothing.</param>
    /// <param name="clock">Measures the time between looks.</param>
    public bool HasStopped(long? acknowledged, TimeSpan limit, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (acknowledged is null || acknowledged + 1 != _acknowledged)
        {
            (_acknowledged, _since) = (acknowledged + 1 ?? 0, clock.GetTimestamp());
            return false;
        }

        return clock.GetElapsedTime(_since) >= limit;
    }
}
