namespace AllInOne.Core.Live;

/// <summary>How a client follows the events.</summary>
public enum LiveTransport
{
    LongPoll,
    Sse,
    WebSocket,
}
