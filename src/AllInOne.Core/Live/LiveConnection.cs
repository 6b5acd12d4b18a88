using System.Diagnostics.CodeAnalysis;
using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>
/// The connection of one client that follows the events: the common base of the transports. It holds no thread and no waiting task. Any thread
/// can send it a signal (<see cref="Signal"/>). An idle connection is then queued and served once
/// (<see cref="ServeAsync"/>, never twice at the same time), and becomes idle again. Events that arrive during a slow write stay in the event log.
/// The request of the client owns the connection and waits for <see cref="OnEnded"/>. If the client receives nothing for too long, the connection is
/// dropped: it is logged, counted, and cut off. If serving fails, the request gets the exception.
/// </summary>
public abstract class LiveConnection
{
    private const int Signals = 0xff;
    private const int Final = (int)(LiveSignals.Ending | LiveSignals.Gone);

    /// <summary>The connection is queued or being served, so a signal does not queue it again.</summary>
    private const int Busy = 0x100;

    private const int Ended = 0x200;

    private readonly LiveConnections _all;
    // Two linked lists: the ready subscriptions with the latest first, and the taken ones in order.
    private Subscription? _ready;
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

    /// <summary>The client's address for log lines. Read it only while the connection is open.</summary>
    public abstract string Peer { get; }

    /// <summary>The current subscriptions. Can be read at any time, from any thread.</summary>
    public abstract IReadOnlyCollection<Subscription> Subscriptions { get; }

    /// <summary>Whether the connection has ended. The end closes the subscriptions of that moment; later ones must be closed separately.</summary>
    protected bool HasEnded => (Volatile.Read(ref _state) & Ended) != 0;

    /// <summary>Whether the connection must end. Then a long catch-up stops.</summary>
    protected bool MustEnd => (Volatile.Read(ref _state) & Final) != 0;

    protected internal LiveConnections All => _all;

    /// <summary>
    /// The number of bytes that the client has acknowledged, while more bytes are in transit. Null if no bytes are in transit, or if the system does not
    /// provide the number. Can be read at any time, from any thread.
    /// </summary>
    protected virtual long? Acknowledged => null;

    /// <summary>Starts the connection: serves it for the first time, on the caller's thread until the first wait.</summary>
    public void Start() => Run();

    public void Signal(LiveSignals signals)
    {
        var before = Interlocked.Or(ref _state, (int)signals | Busy);
        if ((before & (Busy | Ended)) == 0)
        {
            _all.Queue.Add(this);
        }
    }

    /// <summary>Adds a subscription. It is ready at once, because the events after its cursor are read first.</summary>
    /// <param name="since">The last sequence number that the client has seen; null for now.</param>
    /// <param name="topics">The topics of the subscription.</param>
    /// <param name="id">The id that the client has chosen.</param>
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

    /// <summary>Handles the signals and the ready subscriptions. Returns false when the connection ends.</summary>
    protected abstract ValueTask<bool> ServeAsync(LiveSignals signals);

    /// <summary>Cuts the client off. Called only while it is open.</summary>
    protected internal abstract void Abort();

    /// <summary>Called when the connection has ended and is no longer counted. The request may now complete.</summary>
    /// <param name="failure">The cause of an abnormal end; otherwise null.</param>
    protected abstract void OnEnded(Exception? failure);

    /// <summary>Takes the next ready subscription. Only for the thread that serves the connection.</summary>
    protected bool TryTake([NotNullWhen(true)] out Subscription? ready)
    {
        if (_taken is null)
        {
            for (var first = Interlocked.Exchange(ref _ready, null); first is not null;)
            {
                (var next, first.NextReady, _taken) = (first.NextReady, _taken, first);
                first = next;
            }
        }

        ready = _taken;
        if (ready is null)
        {
            return false;
        }

        (_taken, ready.NextReady) = (ready.NextReady, null);
        ready.StartReading();
        return true;
    }

    /// <summary>
    /// Queues the connection again for a subscription that has more events than one turn should take. It is served after all connections that wait.
    /// So a client that catches up with many events does not delay the others.
    /// </summary>
    protected void Requeue(Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        Ready(subscription);
    }

    /// <summary>Marks the start of a flush. A flush that does not complete in time shows that the client is gone or stuck.</summary>
    public void BeginWrite() => Volatile.Write(ref _writing, _all.Clock.GetTimestamp());

    /// <param name="events">The number of events in this flush.</param>
    public void EndWrite(int events)
    {
        _written = _all.Clock.GetTimestamp();
        Volatile.Write(ref _writing, 0);
        _all.CountSent(events);
    }

    /// <summary>Adds a subscription of this connection to the ready ones.</summary>
    internal void Ready(Subscription subscription)
    {
        if (!subscription.TryQueue())
        {
            return;
        }

        Subscription? first;
        do
        {
            first = Volatile.Read(ref _ready);
            subscription.NextReady = first;
        }
        while (Interlocked.CompareExchange(ref _ready, subscription, first) != first);

        Signal(LiveSignals.More);
    }

    /// <summary>Cuts the client off, because the actor cannot register its subscription.</summary>
    internal void Refuse() => _all.CutOff(this);

    /// <summary>Serves the connection once. Only for the queue.</summary>
    internal void Run()
    {
        // Final signals stay set, so the connection is served again until it has ended.
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

    /// <summary>Called periodically: requests a heartbeat if nothing was written for its interval.</summary>
    internal virtual void Beat(TimeSpan heartbeat)
    {
        if (Volatile.Read(ref _writing) == 0 && _all.Clock.GetElapsedTime(_written) >= heartbeat)
        {
            Signal(LiveSignals.Heartbeat);
        }
    }

    /// <summary>
    /// Whether the client has received nothing for this time. Called by one thread at a time. The kernel buffers megabytes, so a completed write
    /// proves nothing: the acknowledgements of the client count. If they are not available, a write that does not complete counts.
    /// </summary>
    internal virtual bool IsStuck(TimeSpan limit)
    {
        var acknowledged = Acknowledged;
        var writing = acknowledged is null ? Volatile.Read(ref _writing) : 0;
        var isStuck = _progress.HasStopped(acknowledged, limit, _all.Clock) || (writing != 0 && _all.Clock.GetElapsedTime(writing) >= limit);
        return isStuck && !MustEnd;
    }

    private async Task AwaitAsync(ValueTask<bool> serving)
    {
        bool isOpen;
        try
        {
            isOpen = await serving.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A boundary: the request gets the exception.
            End(failure);
            return;
        }

        Served(isOpen);
    }

    private void Served(bool isOpen)
    {
        if (!isOpen)
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
