namespace AllInOne.Core.Live;

/// <summary>The reasons to serve a live connection. Several signals can be set together.</summary>
[Flags]
public enum LiveSignals
{
    None = 0,

    /// <summary>A subscription of the connection has events to read.</summary>
    More = 1,

    /// <summary>Nothing was written for a while: the client and the proxies need a sign of life.</summary>
    Heartbeat = 2,

    /// <summary>The server ends the connection, because the web host stops.</summary>
    Ending = 4,

    /// <summary>The client has disconnected or was dropped.</summary>
    Gone = 8,

    /// <summary>The timeout of a long poll has expired.</summary>
    Timeout = 16,
}
