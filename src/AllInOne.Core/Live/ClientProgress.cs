namespace AllInOne.Core.Live;

/// <summary>
/// Decides whether a client still receives its data, from the number of bytes that it has acknowledged at each check. For one thread at a time. Do
/// not copy it.
/// </summary>
public struct ClientProgress
{
    // The acknowledged bytes plus one, so that the default 0 means "no value".
    private long _acknowledged;
    private long _since;

    /// <summary>Whether bytes wait and, according to earlier checks, the client has acknowledged none of them for <paramref name="limit"/>.</summary>
    /// <param name="acknowledged">The bytes acknowledged until now; null if no bytes wait, or if the number is unknown.</param>
    /// <param name="limit">How long the client may acknowledge nothing.</param>
    /// <param name="clock">Measures the time between checks.</param>
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
