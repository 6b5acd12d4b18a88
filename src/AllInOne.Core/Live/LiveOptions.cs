using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>The options of the event log and the live connections (section <c>Live</c>).</summary>
public sealed class LiveOptions
{
    public const string Section = "Live";

    /// <summary>How many of the latest events are kept in memory; older ones come from history. 64 to 16,777,216.</summary>
    public int RingSize { get; set; } = 65_536;

    /// <summary>How many bytes of JSON these events may have together; beyond this, fewer are kept. 1 MiB to 16 GiB.</summary>
    public long RingBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>How many long polls may wait at the same time; further ones get 503. 1 to 1,000,000.</summary>
    public int MaxWaiters { get; set; } = 20_000;

    /// <summary>How long a waiting poll gathers further events after its first one. 0 to 1 second.</summary>
    public TimeSpan GatherTime { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// How many stored events one poll examines before it answers with the matches so far, so that a rare topic in a long history
    /// does not occupy a reader. 100 to 1,000,000.
    /// </summary>
    public int HistoryScan { get; set; } = 20_000;

    /// <summary>How many streams (SSE) and WebSockets may be open at the same time; further ones get 503. 1 to 1,000,000.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>
    /// How many events a slow client may fall behind before it is dropped with a reset. Events that it had to
    /// catch up with at its start do not count. 64 to 16,777,216.
    /// </summary>
    public int MaxBehind { get; set; } = 65_536;

    /// <summary>How long a client may receive nothing of the sent bytes before it is cut off. 0.1 second to 10 minutes.</summary>
    public TimeSpan SlowWriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time without an event after which a connection gets a heartbeat. 0.1 second to 10 minutes.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The delay before clients reconnect, plus or minus a random part of up to one half. 0.1 second to 10 minutes.</summary>
    public TimeSpan RetryTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many subscriptions one WebSocket may have at once. 1 to 100,000.</summary>
    public int MaxSubscriptionsPerSocket { get; set; } = 1000;

    /// <summary>The largest message that a WebSocket client may send, in bytes. 256 to 16,777,216.</summary>
    public int MaxMessageBytes { get; set; } = 65_536;

    internal EventLogOptions Log => new(RingSize, RingBytes, HistoryScan);

    /// <summary>All invalid values, one sentence each; empty if all are valid.</summary>
    public IEnumerable<string> Validate()
    {
        if (RingSize is < 64 or > 1 << 24)
        {
            yield return $"Live:RingSize is {RingSize}; it takes 64 to {1 << 24}.";
        }

        if (RingBytes is < 1 << 20 or > 1L << 34)
        {
            yield return $"Live:RingBytes is {RingBytes}; it takes {1 << 20} to {1L << 34}.";
        }

        if (MaxWaiters is < 1 or > 1_000_000)
        {
            yield return $"Live:MaxWaiters is {MaxWaiters}; it takes 1 to 1000000.";
        }

        if (GatherTime < TimeSpan.Zero || GatherTime > TimeSpan.FromSeconds(1))
        {
            yield return $"Live:GatherTime is {GatherTime}; it takes 00:00:00 to 00:00:01.";
        }

        if (HistoryScan is < 100 or > 1_000_000)
        {
            yield return $"Live:HistoryScan is {HistoryScan}; it takes 100 to 1000000.";
        }

        foreach (var (name, value, min, max) in (IEnumerable<(string, int, int, int)>)
        [
            (nameof(MaxConnections), MaxConnections, 1, 1_000_000),
            (nameof(MaxBehind), MaxBehind, 64, 1 << 24),
            (nameof(MaxSubscriptionsPerSocket), MaxSubscriptionsPerSocket, 1, 100_000),
            (nameof(MaxMessageBytes), MaxMessageBytes, 256, 1 << 24),
        ])
        {
            if (value < min || value > max)
            {
                yield return $"Live:{name} is {value}; it takes {min} to {max}.";
            }
        }

        foreach (var (name, value) in (IEnumerable<(string, TimeSpan)>)
            [(nameof(SlowWriteTimeout), SlowWriteTimeout), (nameof(Heartbeat), Heartbeat), (nameof(RetryTime), RetryTime)])
        {
            if (value < TimeSpan.FromSeconds(0.1) || value > TimeSpan.FromMinutes(10))
            {
                yield return $"Live:{name} is {value}; it takes 00:00:00.1 to 00:10:00.";
            }
        }
    }
}
