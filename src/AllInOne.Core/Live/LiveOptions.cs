using AllInOne.Core.Events;
using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Live;

/// <summary>The options of the event log and the live connections (section <c>Live</c>).</summary>
public sealed class LiveOptions
{
    /// <summary>How many of the latest events are kept in memory; older ones come from history.</summary>
    [Allowed(64, 1 << 24)]
    public int RingSize { get; set; } = 65_536;

    /// <summary>How many bytes of JSON these events may have together; beyond this, fewer are kept.</summary>
    [Allowed(1 << 20, 1L << 34)]
    public long RingBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>How many long polls may wait at the same time; further ones get 503.</summary>
    [Allowed(1, 1_000_000)]
    public int MaxWaiters { get; set; } = 20_000;

    /// <summary>How long a waiting poll gathers further events after its first one.</summary>
    [Allowed("00:00:00", "00:00:01")]
    public TimeSpan GatherTime { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// How many stored events one poll examines before it answers with the matches so far, so that a rare topic in a long history
    /// does not occupy a reader.
    /// </summary>
    [Allowed(100, 1_000_000)]
    public int HistoryScan { get; set; } = 20_000;

    /// <summary>How many streams (SSE) and WebSockets may be open at the same time; further ones get 503.</summary>
    [Allowed(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>
    /// How many events a slow client may fall behind before it is dropped with a reset. Events that it had to
    /// catch up with at its start do not count.
    /// </summary>
    [Allowed(64, 1 << 24)]
    public int MaxBehind { get; set; } = 65_536;

    /// <summary>How long a client may receive nothing of the sent bytes before it is cut off.</summary>
    [Allowed("00:00:00.100", "00:10:00")]
    public TimeSpan SlowWriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time without an event after which a connection gets a heartbeat.</summary>
    [Allowed("00:00:00.100", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The delay before clients reconnect, plus or minus a random part of up to one half.</summary>
    [Allowed("00:00:00.100", "00:10:00")]
    public TimeSpan RetryTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many subscriptions one WebSocket may have at once.</summary>
    [Allowed(1, 100_000)]
    public int MaxSubscriptionsPerSocket { get; set; } = 1000;

    /// <summary>The largest message that a WebSocket client may send, in bytes.</summary>
    [Allowed(256, 1 << 24)]
    public int MaxMessageBytes { get; set; } = 65_536;

    internal EventLogOptions Log => new(RingSize, RingBytes, HistoryScan);
}
