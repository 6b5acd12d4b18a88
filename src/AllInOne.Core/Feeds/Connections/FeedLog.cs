using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>The log lines of the feeds. Rejections are gathered, because a hostile client must not fill the disk with them.</summary>
internal sealed partial class FeedLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(5);

    // The actors of all connections and of the listener use it.
    private readonly Lock _refusals = new();
    private long? _refusedAt;
    private long _unsaidRefusals;

    public void Rejections(FeedSession session)
    {
        var (count, at) = session.Logged;
        if (session.Counters.Rejected > count && (at is not { } last || time.GetElapsedTime(last) >= Gather))
        {
            LogRejected(session.Id, session.Peer, session.Counters.Rejected - count, session.Counters.LastError);
            session.Logged = (session.Counters.Rejected, time.GetTimestamp());
        }
    }

    public void Closed(FeedSession session)
    {
        session.Logged = session.Logged with { At = null };
        Rejections(session);
        var counters = session.Counters;
        LogClosed(session.Id, session.Peer, counters.Bytes, counters.Events, counters.Elements, counters.Rejected, counters.Committed);
    }

    public void Opened(FeedSession session) => LogOpened(session.Id, session.Peer);

    /// <summary>One line for the first refused connection, and at most one every five seconds for later ones.</summary>
    public void Refused(string peer, string reason)
    {
        long count;
        lock (_refusals)
        {
            count = ++_unsaidRefusals;
            if (_refusedAt is { } last && time.GetElapsedTime(last) < Gather)
            {
                return;
            }

            (_refusedAt, _unsaidRefusals) = (time.GetTimestamp(), 0);
        }

        LogRefused(count, peer, reason);
    }

    public void Listening(string endPoint) => LogListening(endPoint);

    public void NotListening(string reason, TimeSpan delay) => LogNotListening(reason, delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "The XML feed listens on {EndPoint}")]
    private partial void LogListening(string endPoint);

    [LoggerMessage(Level = LogLevel.Error, Message = "The XML feed takes no connections: {Reason}; next try in {Delay}")]
    private partial void LogNotListening(string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Feed {Id} from {Peer} begins")]
    private partial void LogOpened(int id, string peer);

    [LoggerMessage(Level = LogLevel.Debug, Message =
        "Feed {Id} from {Peer} ends: {Bytes} bytes, {Events} events, {Elements} elements, {Rejected} rejected, {Committed} committed")]
    private partial void LogClosed(int id, string peer, long bytes, long events, long elements, long rejected, long committed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Id} from {Peer}: {Count} rejected, the last because {Reason}")]
    private partial void LogRejected(int id, string peer, long count, string? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed connections refused: {Count}, the last from {Peer}: {Reason}")]
    private partial void LogRefused(long count, string peer, string reason);
}
