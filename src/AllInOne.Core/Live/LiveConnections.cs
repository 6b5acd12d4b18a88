using AllInOne.Core.Events;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Live;

/// <summary>
/// All live connections, with their counters: waiting long polls, streams and WebSockets. Owned by the program:
/// it outlives the actors that notify the clients and the web host that holds their sockets. Thread-safe.
/// Beyond <c>Live:MaxConnections</c> (<c>Live:MaxWaiters</c> for long polls) a client is refused. A client that is too slow is dropped, without an effect
/// on the others.
/// </summary>
public sealed partial class LiveConnections
{
    // A heartbeat is late by at most this part of its interval. A stuck client is noticed at most five times as late.
    private const int BeatsPerLimit = 10;
    private const int BeatsPerCheck = 5;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<LiveConnection> _open = [];
    private readonly LiveOptions _options;
    private readonly ILogger _log;
    private readonly int[] _count = new int[3];
    private int _subscriptions;
    private int _beats;
    private ITimer? _cut;
    private long _sent;
    private long _dropped;

    internal LiveConnections(EventLog events, LiveOptions options, TimeProvider clock, ILogger log) =>
        (Events, _options, Clock, _log) = (events, options, clock, log);

    public LiveFigures Figures => new(
        Count(LiveTransport.LongPoll), Count(LiveTransport.Sse), Count(LiveTransport.WebSocket), Volatile.Read(ref _subscriptions),
        Interlocked.Read(ref _sent), Interlocked.Read(ref _dropped), Events.Resets);

    /// <summary>The options for the code that serves the clients.</summary>
    public LiveOptions Options => _options;

    public EventLog Events { get; }

    internal TimeProvider Clock { get; }

    internal long MaxBehind => _options.MaxBehind;

    internal TimeSpan BeatTime => (_options.Heartbeat < _options.SlowWriteTimeout ? _options.Heartbeat : _options.SlowWriteTimeout) / BeatsPerLimit;

    internal LiveQueue Queue { get; } = new();

    /// <summary>The address of <c>/user/live/subscriptions</c>.</summary>
    internal ActorAddress Subscriptions { get; } = new("/user/live/subscriptions", ActorAddress.UsualCapacity);

    /// <summary>
    /// Reads the events after <c>Since</c>. Returns at once if an event matches, otherwise when the first event matches. At the timeout, or when the server
    /// ends all live connections, it returns an empty page with the cursor.
    /// </summary>
    /// <param name="write">Writes the page to the client before the returned task completes; never blocks.</param>
    /// <exception cref="UnavailableException">Too many wait already, or history cannot be read now.</exception>
    /// <exception cref="StorageException">History cannot be read.</exception>
    public Task<EventPage> ReadAsync(EventQuery query, CancellationToken cancel, Func<EventPage, ValueTask>? write = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        var poll = new LongPoll(this, query, write, cancel);
        poll.Start();
        return poll.Answer;
    }

    /// <summary>Opens a connection. Returns false if too many of its kind are open.</summary>
    public bool TryOpen(LiveConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        lock (_gate)
        {
            var isFull = connection.Transport == LiveTransport.LongPoll
                ? Count(LiveTransport.LongPoll) >= _options.MaxWaiters
                : Count(LiveTransport.Sse) + Count(LiveTransport.WebSocket) >= _options.MaxConnections;
            if (isFull || !_open.Add(connection))
            {
                return false;
            }

            _count[(int)connection.Transport]++;
            return true;
        }
    }

    /// <summary>
    /// Ends all open connections, because the web host stops: long polls get an answer, streams and sockets end properly. A client that does
    /// not receive this within <see cref="EndLimit"/> is cut off, because the host must not wait for it.
    /// </summary>
    public void End()
    {
        var ending = Open();
        foreach (var connection in ending)
        {
            connection.Signal(LiveSignals.Ending);
        }

        var cut = Clock.CreateTimer(
            _ =>
            {
                foreach (var connection in ending)
                {
                    CutOff(connection, $"it has not received the end of its connection for {EndLimit}");
                }
            },
            null, EndLimit, Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _cut, cut)?.Dispose();
    }

    /// <summary>A random delay before a client reconnects, so that not all clients reconnect at the same moment.</summary>
    public TimeSpan RetryAfter() => _options.RetryTime * (0.5 + Random.Shared.NextDouble());

    /// <summary>The open connections.</summary>
    internal LiveConnection[] Open()
    {
        lock (_gate)
        {
            return [.. _open];
        }
    }

    internal void CountSubscriptions(int change) => Interlocked.Add(ref _subscriptions, change);

    internal void CountSent(int events) => Interlocked.Add(ref _sent, events);

    /// <summary>Logs and counts a dropped connection. The code that serves it notifies the client if possible.</summary>
    public void CountDrop(LiveConnection connection, string reason)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Interlocked.Increment(ref _dropped);
        LogDropped(connection.Transport, connection.Peer, reason);
    }

    /// <summary>Cuts a connection off. Does nothing if it has ended already, because its socket may then belong to another request.</summary>
    internal bool CutOff(LiveConnection connection, string? reason = null)
    {
        lock (_gate)
        {
            if (!_open.Contains(connection))
            {
                return false;
            }

            if (reason is not null)
            {
                CountDrop(connection, reason);
            }

            connection.Signal(LiveSignals.Gone);
            connection.Abort();
            return true;
        }
    }

    internal void Close(LiveConnection connection)
    {
        lock (_gate)
        {
            if (_open.Remove(connection))
            {
                _count[(int)connection.Transport]--;
            }
        }
    }

    /// <summary>Sends heartbeats and cuts off stuck clients. Only the actor calls it, every <see cref="BeatTime"/>.</summary>
    internal void Beat()
    {
        var checks = ++_beats % BeatsPerCheck == 0;
        foreach (var connection in Open())
        {
            connection.Beat(_options.Heartbeat);
            if (checks && connection.IsStuck(_options.SlowWriteTimeout))
            {
                CutOff(connection, $"it has received nothing for {_options.SlowWriteTimeout}");
            }
        }
    }

    private int Count(LiveTransport transport) => Volatile.Read(ref _count[(int)transport]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Transport} client {Peer} was dropped: {Reason}")]
    private partial void LogDropped(LiveTransport transport, string peer, string reason);
}
