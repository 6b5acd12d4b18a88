using AllInOne.Core.Events;
using AllInOne.Core.Values;

namespace AllInOne.Core.Live;

/// <summary>
/// A cursor and a filter that stand until their connection ends: what comes is not queued for it but read from the log when its
/// client can take it. Its connection alone reads, one read at a time; the subscriptions' actor raises it when there is something.
/// </summary>
public sealed class Subscription : Listener
{
    private readonly EventLog _events;
    private long _cursor;
    private long _from;
    private int _raised;
    private long _allowance;
    private bool _stands;
    private volatile Examination? _examination;
    private int _queued;
    private int _closed;

    internal Subscription(LiveConnection connection, EventLog events, TopicFilter topics, string? id, long cursor)
        : base(topics)
    {
        (Connection, _events, Id, _cursor) = (connection, events, id, cursor);
        IsForOnce = connection.Transport == LiveTransport.LongPoll;
        // Who comes back after a while has much to catch up with; it is slow only when it falls behind further.
        _allowance = Behind + connection.All.MaxBehind;
    }

    /// <summary>What the client calls it, where one connection has several.</summary>
    public string? Id { get; }

    /// <summary>The last sequence number that has been looked at, matching or not.</summary>
    public long Cursor => Volatile.Read(ref _cursor);

    /// <summary>Whether nothing was left to read, when it was looked at last.</summary>
    public bool IsCaughtUp { get; private set; }

    /// <summary>Whether the client is so slow that it falls further and further behind.</summary>
    public bool IsTooFarBehind => Behind > _allowance;

    internal LiveConnection Connection { get; }

    /// <summary>Whether it stands only until it is raised, and then perhaps anew.</summary>
    internal bool IsForOnce { get; }

    internal bool IsRaised => Volatile.Read(ref _raised) != 0;

    internal bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>The next one of its connection that has something to read: a list without nodes of its own.</summary>
    internal Subscription? NextRaised { get; set; }

    /// <summary>Up to where it is known that nothing is left for it.</summary>
    internal long Examined => Math.Max(Cursor, _examination?.Seq ?? 0);

    private long Behind => _events.Ring.Head - Math.Max(Cursor, Math.Min(_events.Ring.Head, _events.Ring.First - 1));

    /// <summary>
    /// What is left of its topics after the cursor, which it moves: at most so many events. A page with <c>Reset</c> means that there
    /// is a gap; it goes on from the head.
    /// </summary>
    /// <exception cref="UnavailableException">History cannot be read now.</exception>
    public async ValueTask<EventPage> ReadAsync(int limit, CancellationToken cancel)
    {
        var page = await LookAsync(limit, cancel).ConfigureAwait(false);
        if (IsCaughtUp)
        {
            Stand();
        }

        return page;
    }

    /// <summary>The same, but nobody will raise it.</summary>
    internal async ValueTask<EventPage> LookAsync(int limit, CancellationToken cancel)
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
    /// Whenever something comes from here on, it is raised. Known to the actor no earlier than this: what came before is not looked for twice.
    /// </summary>
    internal void Stand()
    {
        if (!_stands)
        {
            _stands = true;
            Connection.All.Subscriptions.Tell(new SubscriptionsActor.Subscribe(this));
        }
    }

    /// <summary>Leaves out what is left and goes on from the head, for a client that was told so.</summary>
    public void Skip()
    {
        Volatile.Write(ref _cursor, Math.Max(Cursor, _events.Head));
        _events.CountReset();
    }

    /// <summary>Moves the cursor over what is known to be of other topics, so that a resume needs not look through it again.</summary>
    public void Advance()
    {
        var examined = _examination?.Seq ?? 0;
        // Read in this order: what raised it meanwhile may lie before that.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _raised) == 0)
        {
            Volatile.Write(ref _cursor, Math.Max(Cursor, examined));
        }
    }

    /// <summary>There is something: its connection begins to read. What comes from now on raises it again.</summary>
    internal void Accept()
    {
        Interlocked.Exchange(ref _queued, 0);
        var from = _from;
        var wasRaised = Interlocked.Exchange(ref _raised, 0) == 1;
        _stands &= !(wasRaised && IsForOnce);
        if (wasRaised && IsCaughtUp && from > _events.Ring.First)
        {
            // Everything before the first match was looked at by the actor, unless it left something unread. Before the run's first event
            // there is no number.
            Volatile.Write(ref _cursor, Math.Max(Cursor, from - 1));
        }

        IsCaughtUp = false;
    }

    /// <summary>For the actor alone: an event that it wants. True when its connection has to be told.</summary>
    internal bool Offer(long seq)
    {
        if (IsClosed || seq <= Cursor || Volatile.Read(ref _raised) != 0)
        {
            return false;
        }

        _from = seq;
        Volatile.Write(ref _raised, 1);
        return true;
    }

    /// <summary>For the actor alone: from here on, it looks for this one.</summary>
    internal void Know(Examination examination) => _examination = examination;

    /// <summary>True for the one who has to put it into its connection's list.</summary>
    internal bool TryQueue() => Interlocked.Exchange(ref _queued, 1) == 0;

    /// <summary>False when it was closed before.</summary>
    internal bool Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return false;
        }

        // Whoever makes it stand at this moment is seen too late, but the actor does not take a closed one.
        if (_stands)
        {
            Connection.All.Subscriptions.Tell(new SubscriptionsActor.Unsubscribe(this));
        }

        return true;
    }
}
