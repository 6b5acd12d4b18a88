namespace AllInOne.Core.Live;

/// <summary>Why a live connection is served; several may come together.</summary>
[Flags]
public enum LiveSignals
{
    None = 0,

    /// <summary>A subscription of it has something to read.</summary>
    More = 1,

    /// <summary>Nothing was written for a while: the client, and what is between, must see that it lives.</summary>
    Heartbeat = 2,

    /// <summary>The server side ends it, because the web host stops.</summary>
    Ending = 4,

    /// <summary>The client has gone, or was dropped.</summary>
    Gone = 8,

    /// <summary>The time is up that the client wants to wait.</summary>
    Timeout = 16,
}
