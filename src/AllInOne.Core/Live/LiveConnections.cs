using AllInOne.Core.Events;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Live;

/// <summary>
/// Every live client: long polls that wait, streams and WebSockets, and what all of them got. Owned by the program;
/// it outlives the actors that wake the clients and the web host that holds their sockets. Any thread.
/// Past <c>Live:MaxConnections</c> (<c>Live:MaxWaiters</c> for long polls) a client is refused; who is too slow is dropped, and nobody
/// else feels it.
/// </summary>
public sealed partial class LiveConnections
{
    // A silent client gets its sign of life at most this part of the heartbeat late, and one that takes nothing is noticed five times as late.
    private const int BeatsPerLimit = 10;
    private const int BeatsPerLook = 5;
    private const int KeptWhileAway = 200_000;

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

    /// <summary>What those need to know who serve the clients.</summary>
    public LiveOptions Options => _options;

    public EventLog Events { get; }

    internal TimeProvider Clock { get; }

    internal long MaxBehind => _options.MaxBehind;

    internal TimeSpan BeatTime => (_options.Heartbeat < _options.SlowWriteTimeout ? _options.Heartbeat : _options.SlowWriteTimeout) / BeatsPerLimit;

    internal LiveQueue Queue { get; } = new();

    /// <summary>Where <c>/user/live/subscriptions</c> is told.</summary>
    internal ActorAddress Subscriptions { get; } = new(KeptWhileAway, (message, _) =>
    {
        if (message is SubscriptionsActor.Subscribe refused)
        {
            refused.Subscription.Connection.Refuse();
        }
    });

    /// <summary>
    /// What comes after <c>Since</c>: at once if there is anything that matches, else as soon as there is, else, at the timeout,
    /// nothing. When all live clients are told to end, an empty page with its cursor.
    /// </summary>
    /// <param name="write">Takes the page to where it goes, before the caller goes on; never blocks.</param>
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

    /// <summary>Takes one more, unless there are too many of its kind.</summary>
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
    /// Tells all that are open to end, because the web host stops: long polls get an answer, streams and sockets their proper end. Who does
    /// not take even that within <see cref="EndLimit"/> is cut off: the host must not wait for it.
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
                    CutOff(connection, $"it has not taken its end for {EndLimit}");
                }
            },
            null, EndLimit, Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _cut, cut)?.Dispose();
    }

    /// <summary>A pause before a client comes back: spread, so that not all come at the same moment.</summary>
    public TimeSpan RetryAfter() => _options.RetryTime * (0.5 + Random.Shared.NextDouble());

    /// <summary>Who is open now.</summary>
    internal LiveConnection[] Open()
    {
        lock (_gate)
        {
            return [.. _open];
        }
    }

    internal void CountSubscriptions(int change) => Interlocked.Add(ref _subscriptions, change);

    internal void CountSent(int events) => Interlocked.Add(ref _sent, events);

    /// <summary>Names it in the log and counts it; who serves it tells the client, if it still can.</summary>
    public void CountDrop(LiveConnection connection, string reason)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Interlocked.Increment(ref _dropped);
        LogDropped(connection.Transport, connection.Peer, reason);
    }

    /// <summary>Ends it without a word, unless it has ended already: what is its own then belongs to another request.</summary>
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

    /// <summary>For the actor alone, <see cref="BeatTime"/> after the last time.</summary>
    internal void Beat()
    {
        var looks = ++_beats % BeatsPerLook == 0;
        foreach (var connection in Open())
        {
            connection.Beat(_options.Heartbeat);
            if (looks && connection.TakesNothing(_options.SlowWriteTimeout))
            {
                CutOff(connection, $"it has taken nothing for {_options.SlowWriteTimeout}");
            }
        }
    }

    private int Count(LiveTransport transport) => Volatile.Read(ref _count[(int)transport]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Transport} client {Peer} was dropped: {Reason}")]
    private partial void LogDropped(LiveTransport transport, string peer, string reason);
}
