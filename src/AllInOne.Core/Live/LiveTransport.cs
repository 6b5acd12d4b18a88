namespace AllInOne.Core.Live;

/// <summary>The transport by which a client follows the events.</summary>
public enum LiveTransport
{
    LongPoll,
    Sse,
    WebSocket,
}
