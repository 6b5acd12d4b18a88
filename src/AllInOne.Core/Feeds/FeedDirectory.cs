using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Feeds.Connections;

namespace AllInOne.Core.Feeds;

/// <summary>
/// The facade of the feeds: their address, their connections and their totals. Thread-safe; a read waits for no actor. It owns the port and the list
/// of connections, which outlive the actors below <c>/user/feeds</c>, so a restart of an actor loses neither. While the port is lost, open
/// connections continue, and <see cref="ListenProblem"/> has the reason. If the port cannot be opened at the start,
/// <c>Readiness.WhenReady("feeds")</c> throws a <see cref="FeedListenException"/>.
/// </summary>
public sealed class FeedDirectory
{
    private readonly ConcurrentDictionary<int, FeedSession> _sessions = new();
    private readonly FeedCounters _totals = new(null);
    private readonly EntityLimits _limits;
    private readonly TimeProvider _time;
    private volatile string? _listenProblem;
    private int _lastId;
    private long _refused;

    internal FeedDirectory(XmlFeedOptions options, EntityLimits limits, TimeProvider time)
    {
        (XmlOptions, _limits, _time) = (options, limits, time);
        Port = new FeedPort(options);
    }

    /// <summary>The address of the XML feed. When the port is open, it has the resolved port.</summary>
    public IPEndPoint XmlEndPoint => Port.EndPoint;

    /// <summary>The reason why no new connections are accepted; null if they are accepted.</summary>
    public string? ListenProblem
    {
        get => _listenProblem;
        internal set => _listenProblem = value;
    }

    /// <summary>The open connections, by number.</summary>
    public IReadOnlyList<FeedConnectionSnapshot> Connections => [.. _sessions.Values.OrderBy(s => s.Id).Select(Snapshot)];

    /// <summary>The totals of open and closed connections.</summary>
    public FeedTotals Totals => new(
        _sessions.Count, Volatile.Read(ref _lastId), Interlocked.Read(ref _refused),
        _totals.Bytes, _totals.Events, _totals.Elements, _totals.Rejected, _totals.Committed, _totals.LastError);

    internal XmlFeedOptions XmlOptions { get; }

    internal FeedPort Port { get; }

    internal FeedBudget Budget { get; } = new();

    internal int Count => _sessions.Count;

    internal FeedSession Begin(Socket socket)
    {
        var id = Interlocked.Increment(ref _lastId);
        var session = new FeedSession(id, socket, XmlOptions, _limits, new FeedCounters(_totals), Budget, _time.GetUtcNow(), End);
        _sessions[id] = session;
        return session;
    }

    /// <summary>Closes the connection of an actor that has terminated, if it is still open.</summary>
    internal void Close(string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && _sessions.TryGetValue(id, out var session))
        {
            session.Dispose();
        }
    }

    internal void Refused() => Interlocked.Increment(ref _refused);

    private void End(FeedSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        if (session.Intake.Refusal is not null)
        {
            Refused();
        }
    }

    private static FeedConnectionSnapshot Snapshot(FeedSession session)
    {
        var counters = session.Counters;
        return new FeedConnectionSnapshot(
            session.Id, session.Peer, session.Since, session.Status, session.Intake.AcksRequested,
            counters.Bytes, counters.Events, counters.Elements, counters.Rejected, counters.Committed, session.InFlight, counters.LastError);
    }
}
