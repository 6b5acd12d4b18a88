using System.Diagnostics.CodeAnalysis;
using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>
/// One client that follows the events: what the transports have in common. It holds no thread and no waiting task. Whoever has
/// something for it raises a signal (<see cref="Signal"/>, any thread); an idle one is then queued and served once
/// (<see cref="ServeAsync"/>, never twice at a time), and falls idle again. What is told to it while a write does not end stays in the log.
/// Owned by its request, which waits for <see cref="OnEnded"/>. When its client takes nothing for too long it is dropped: named in the log,
/// counted, and cut off; when serving it fails, its request gets the failure.
/// </summary>
public abstract class LiveConnection
{
    private const int Signals = 0xff;
    private const int Final = (int)(LiveSignals.Ending | LiveSignals.Gone);

    /// <summary>It is queued or being served: who signals it needs not queue it.</summary>
    private const int Busy = 0x100;

    private const int Ended = 0x200;

    private readonly LiveConnections _all;
    // Both are lists without nodes of their own: those that were raised, the latest first, and those taken of them, in order.
    private Subscription? _raised;
    private Subscription? _taken;
    private int _state = Busy;
    private long _writing;
    private long _written;
    // Used only by the heartbeats.
    private ClientProgress _progress;

    protected LiveConnection(LiveConnections all, LiveTransport transport)
    {
        ArgumentNullException.ThrowIfNull(all);
        (_all, Transport, _written) = (all, transport, all.Clock.GetTimestamp());
    }

    public LiveTransport Transport { get; }

    /// <summary>The client's address, as the log names it. Read only while it is open.</summary>
    public abstract string Peer { get; }

    /// <summary>What it holds now; at any time, from any thread.</summary>
    public abstract IReadOnlyCollection<Subscription> Subscriptions { get; }

    /// <summary>It is over; what is added to it from here on, its end has not seen.</summary>
    protected bool HasEnded => (Volatile.Read(ref _state) & Ended) != 0;

    /// <summary>Whether it has to end, so that a long catching up is broken off.</summary>
    protected bool MustEnd => (Volatile.Read(ref _state) & Final) != 0;

    protected internal LiveConnections All => _all;

    /// <summary>
    /// How many bytes the client has acknowledged, while more are on their way to it; null when none are, or where the system does not
    /// tell. At any time, from any thread.
    /// </summary>
    protected virtual long? Acknowledged => null;

    /// <summary>Begins: serves it for the first time, in the caller's turn as far as that goes without waiting.</summary>
    public void Start() => Run();

    public void Signal(LiveSignals signals)
    {
        var before = Interlocked.Or(ref _state, (int)signals | Busy);
        if ((before & (Busy | Ended)) == 0)
        {
            _all.Queue.Add(this);
        }
    }

    /// <summary>Adds a subscription. It is ready at once: what is after its cursor is read first.</summary>
    /// <param name="since">The last sequence number that the client has seen; null for now.</param>
    /// <param name="topics">What it wants.</param>
    /// <param name="id">What the client calls it.</param>
    protected Subscription Subscribe(long? since, TopicFilter topics, string? id = null)
    {
        var added = new Subscription(this, _all.Events, topics, id, since ?? _all.Events.Head);
        if (Transport != LiveTransport.LongPoll)
        {
            _all.CountSubscriptions(1);
        }

        Ready(added);
        return added;
    }

    protected void Unsubscribe(Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        if (subscription.Close() && Transport != LiveTransport.LongPoll)
        {
            _all.CountSubscriptions(-1);
        }
    }

    /// <summary>Does what the signals ask for; takes what is ready. False when it was the last time.</summary>
    protected abstract ValueTask<bool> ServeAsync(LiveSignals signals);

    /// <summary>Cuts the client off. Called only while it is open.</summary>
    protected internal abstract void Abort();

    /// <summary>It is over, and its client no longer counted; the request may end.</summary>
    /// <param name="failure">Why, when it did not end as it should.</param>
    protected abstract void OnEnded(Exception? failure);

    /// <summary>The next subscription that has something to read; for the one who serves it.</summary>
    protected bool TryTake([NotNullWhen(true)] out Subscription? ready)
    {
        if (_taken is null)
        {
            for (var raised = Interlocked.Exchange(ref _raised, null); raised is not null;)
            {
                (var next, raised.NextRaised, _taken) = (raised.NextRaised, _taken, raised);
                raised = next;
            }
        }

        ready = _taken;
        if (ready is null)
        {
            return false;
        }

        (_taken, ready.NextRaised) = (ready.NextRaised, null);
        ready.Accept();
        return true;
    }

    /// <summary>
    /// There is more for this subscription than one turn should take: it is served again, behind all others that wait. Who catches up
    /// with much, or is told without a pause, holds up nobody.
    /// </summary>
    protected void TakeLater(Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        Ready(subscription);
    }

    /// <summary>Around each flush: one that does not end in time shows a client that is gone or stuck.</summary>
    public void BeginWrite() => Volatile.Write(ref _writing, _all.Clock.GetTimestamp());

    /// <param name="events">How many events the client has taken with it.</param>
    public void EndWrite(int events)
    {
        _written = _all.Clock.GetTimestamp();
        Volatile.Write(ref _writing, 0);
        _all.CountSent(events);
    }

    /// <summary>A subscription of it has something to read.</summary>
    internal void Ready(Subscription subscription)
    {
        if (!subscription.TryQueue())
        {
            return;
        }

        Subscription? first;
        do
        {
            first = Volatile.Read(ref _raised);
            subscription.NextRaised = first;
        }
        while (Interlocked.CompareExchange(ref _raised, subscription, first) != first);

        Signal(LiveSignals.More);
    }

    /// <summary>The actor cannot be told of it.</summary>
    internal void Refuse() => _all.CutOff(this);

    /// <summary>For the queue: serves it once.</summary>
    internal void Run()
    {
        // The end stays visible, and brings it back until it has ended.
        var signals = (LiveSignals)(Interlocked.And(ref _state, ~Signals | Final) & Signals);
        var serving = ServeAsync(signals);
        if (serving.IsCompletedSuccessfully)
        {
            Served(serving.Result);
        }
        else
        {
            _ = AwaitAsync(serving);
        }
    }

    /// <summary>From time to time: a sign of life where nothing was written.</summary>
    internal virtual void Beat(TimeSpan heartbeat)
    {
        if (Volatile.Read(ref _writing) == 0 && _all.Clock.GetElapsedTime(_written) >= heartbeat)
        {
            Signal(LiveSignals.Heartbeat);
        }
    }

    /// <summary>
    /// Less often, and by one thread at a time: whether its client takes nothing for so long. What the kernel keeps for it hides that for
    /// megabytes, so its acknowledgements are what counts; where they do not tell, a write that does not end.
    /// </summary>
    internal virtual bool TakesNothing(TimeSpan limit)
    {
        var acknowledged = Acknowledged;
        var writing = acknowledged is null ? Volatile.Read(ref _writing) : 0;
        var takesNothing = _progress.HasStopped(acknowledged, limit, _all.Clock) || (writing != 0 && _all.Clock.GetElapsedTime(writing) >= limit);
        return takesNothing && !MustEnd;
    }

    private async Task AwaitAsync(ValueTask<bool> serving)
    {
        bool goesOn;
        try
        {
            goesOn = await serving.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The boundary of what a request does here: it gets it.
            End(failure);
            return;
        }

        Served(goesOn);
    }

    private void Served(bool goesOn)
    {
        if (!goesOn)
        {
            End(null);
            return;
        }

        var state = Volatile.Read(ref _state);
        while ((state & Signals) == 0)
        {
            var found = Interlocked.CompareExchange(ref _state, state & ~Busy, state);
            if (found == state)
            {
                return;
            }

            state = found;
        }

        _all.Queue.Add(this);
    }

    private void End(Exception? failure)
    {
        Interlocked.Or(ref _state, Ended);
        foreach (var one in Subscriptions)
        {
            Unsubscribe(one);
        }

        _all.Close(this);
        OnEnded(failure);
    }
}
