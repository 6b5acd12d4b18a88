using AllInOne.Core.Events;
using AllInOne.Core.Values;

namespace AllInOne.Core.Live;

/// <summary>
/// A cursor and a topic filter of one connection. It has no queue: its connection reads the events from the event log when the
/// client can receive them. Only the connection reads, one read at a time. The subscriptions actor notifies it when an event matches.
/// </summary>
public sealed class Subscription
{
    private readonly EventLog _events;
    private long _cursor;
    private long _from;
    private int _notified;
    private long _allowance;
    private bool _isRegistered;
    private volatile CheckProgress? _checked;
    private int _queued;
    private int _closed;

    internal Subscription(LiveConnection connection, EventLog events, TopicFilter topics, string? id, long cursor)
    {
        (Connection, _events, Topics, Id, _cursor) = (connection, events, topics, id, cursor);
        IsOneShot = connection.Transport == LiveTransport.LongPoll;
        // A client that returns after a while must catch up. It is slow only if it falls further behind.
        _allowance = Behind + connection.All.MaxBehind;
    }

    /// <summary>The id that the client has chosen; null if its connection has only one subscription.</summary>
    public string? Id { get; }

    public TopicFilter Topics { get; }

    /// <summary>The last sequence number that was read, matching or not.</summary>
    public long Cursor => Volatile.Read(ref _cursor);

    /// <summary>Whether the last read returned everything up to the head.</summary>
    public bool IsCaughtUp { get; private set; }

    /// <summary>Whether the client has fallen further behind than <c>Live:MaxBehind</c> allows.</summary>
    public bool IsTooFarBehind => Behind > _allowance;

    internal LiveConnection Connection { get; }

    /// <summary>Whether the first notification ends its registration, as for a long poll. It may register again.</summary>
    internal bool IsOneShot { get; }

    internal bool IsNotified => Volatile.Read(ref _notified) != 0;

    internal bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>The next subscription in the linked list of ready subscriptions of its connection.</summary>
    internal Subscription? NextReady { get; set; }

    /// <summary>The sequence number up to which no unread event matches.</summary>
    internal long CheckedSeq => Math.Max(Cursor, _checked?.Seq ?? 0);

    private long Behind => _events.Ring.CountAfter(Cursor);

    /// <summary>
    /// Reads the next matching events, at most <paramref name="limit"/>, and moves the cursor. A page with <c>Reset</c> means that events are
    /// missing; the subscription then continues from the head.
    /// </summary>
    /// <exception cref="UnavailableException">History cannot be read now.</exception>
    public async ValueTask<EventPage> ReadAsync(int limit, CancellationToken cancel)
    {
        var page = await ReadOnceAsync(limit, cancel).ConfigureAwait(false);
        if (IsCaughtUp)
        {
            Register();
        }

        return page;
    }

    /// <summary>Reads in the same way, but without a registration: no later event notifies the subscription.</summary>
    internal async ValueTask<EventPage> ReadOnceAsync(int limit, CancellationToken cancel)
    {
        var page = await _events.ReadOnAsync(Cursor, limit, Topics, cancel).ConfigureAwait(false);
        Volatile.Write(ref _cursor, page.Next);
        IsCaughtUp = page.Events.Count < limit && page.Next >= _events.Head;
        if (IsCaughtUp)
        {
            _allowance = Connection.All.MaxBehind;
        }

        return page;
    }

    /// <summary>
    /// Registers the subscription with the actor, so that each later match notifies it. It registers only after it has caught up, so earlier events
    /// are not searched twice.
    /// </summary>
    internal void Register()
    {
        if (!_isRegistered)
        {
            _isRegistered = true;
            Connection.All.Subscriptions.Tell(new SubscriptionsActor.Subscribe(this));
        }
    }

    /// <summary>Skips all unread events and continues from the head. The client must get a reset.</summary>
    public void Skip()
    {
        Volatile.Write(ref _cursor, Math.Max(Cursor, _events.Head));
        _events.CountReset();
    }

    /// <summary>Moves the cursor past checked events that do not match, so that a resume does not search them again.</summary>
    public void Advance()
    {
        var checkedSeq = _checked?.Seq ?? 0;
        // The order of the two reads matters: a notification in between may concern an earlier event.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _notified) == 0)
        {
            Volatile.Write(ref _cursor, Math.Max(Cursor, checkedSeq));
        }
    }

    /// <summary>Called when its connection starts to read. Later matches notify it again.</summary>
    internal void StartReading()
    {
        Interlocked.Exchange(ref _queued, 0);
        var from = _from;
        var wasNotified = Interlocked.Exchange(ref _notified, 0) == 1;
        _isRegistered &= !(wasNotified && IsOneShot);
        if (wasNotified && IsCaughtUp && from > _events.Ring.First)
        {
            // The actor has checked all events before the first match, so the cursor can move there. This is not possible if unread events were left, or
            // before the first event of this process.
            Volatile.Write(ref _cursor, Math.Max(Cursor, from - 1));
        }

        IsCaughtUp = false;
    }

    /// <summary>
    /// Notifies the subscription that an event matches, the first one from <paramref name="first"/> to <paramref name="last"/>. Only for the actor.
    /// Returns true if its connection must be queued.
    /// </summary>
    internal bool TryNotify(long first, long last)
    {
        if (IsClosed || last <= Cursor || Volatile.Read(ref _notified) != 0)
        {
            return false;
        }

        _from = first;
        Volatile.Write(ref _notified, 1);
        return true;
    }

    /// <summary>Sets the progress of the actor that checks events for this subscription. Only for the actor.</summary>
    internal void SetProgress(CheckProgress progress) => _checked = progress;

    /// <summary>Returns true to the one caller that must add it to the list of its connection.</summary>
    internal bool TryQueue() => Interlocked.Exchange(ref _queued, 1) == 0;

    /// <summary>Closes the subscription. Returns false if it was closed already.</summary>
    internal bool Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return false;
        }

        // A registration at this very moment may be missed here, but the actor does not accept a closed subscription.
        if (_isRegistered)
        {
            Connection.All.Subscriptions.Tell(new SubscriptionsActor.Unsubscribe(this));
        }

        return true;
    }
}
