using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace AllInOne.Actors;

/// <summary>
/// The user messages of one actor. Producers push to a lock-free stack; the single consumer takes the whole stack at once and reverses it.
/// An idle queue takes 64 bytes. Every message passes through the queue, so the queue also keeps the actor's account: messages, busy time
/// and the current message. It supports a stash.
/// </summary>
public sealed class FairMessageQueue(IActorRef owner) : IMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private Node? _inbox;
    private Node? _pending;
    private long _handled;
    private long _busyTicks;
    private QueueDetails? _details;

    /// <inheritdoc/>
    public bool HasMessages => Volatile.Read(ref _pending) is not null || Volatile.Read(ref _inbox) is not null;

    /// <inheritdoc/>
    public int Count => (Volatile.Read(ref _pending)?.Depth ?? 0) + (Volatile.Read(ref _inbox)?.Depth ?? 0);

    internal IActorRef Owner => owner;

    /// <summary>User messages taken since the start, over all restarts.</summary>
    internal long Handled => Volatile.Read(ref _handled);

    /// <summary>Time of completed slices, in stopwatch ticks.</summary>
    internal long BusyTicks => Volatile.Read(ref _busyTicks);

    internal QueueDetails? Details => Volatile.Read(ref _details);

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        var node = new Node(envelope);
        var top = Volatile.Read(ref _inbox);
        while (true)
        {
            node.Next = top;
            node.Depth = (top?.Depth ?? 0) + 1;
            var seen = Interlocked.CompareExchange(ref _inbox, node, top);
            if (ReferenceEquals(seen, top))
            {
                return;
            }

            top = seen;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The code that unstashes belongs to an abandoned actor.</exception>
    public void EnqueueFirst(Envelope envelope)
    {
        if (!Worker.TryClaim())
        {
            Worker.ThrowIfLost();
        }

        var first = _pending;
        Volatile.Write(ref _pending, new Node(envelope) { Next = first, Depth = (first?.Depth ?? 0) + 1 });
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        var first = _pending ?? Turn(Volatile.Read(ref _inbox) is null ? null : Interlocked.Exchange(ref _inbox, null));
        if (first is null)
        {
            envelope = default;
            return false;
        }

        Volatile.Write(ref _pending, first.Next);
        envelope = first.Envelope;
        return true;
    }

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        ArgumentNullException.ThrowIfNull(deadletters);
        while (TryDequeue(out var envelope))
        {
            deadletters.Enqueue(owner, envelope);
        }

        if (_details?.Traces is { } traces)
        {
            MessageTrace.End(this, Worker.Current);
            Array.ForEach(traces, trace => trace.Complete());
        }
    }

    internal QueueDetails EnsureDetails() => _details ?? Interlocked.CompareExchange(ref _details, new QueueDetails(), null) ?? _details;

    /// <summary>Called by the thread that owns the actor.</summary>
    internal void AddBusy(long ticks) => Volatile.Write(ref _busyTicks, _busyTicks + ticks);

    /// <summary>Takes the next message of the current slice of a worker, and accounts for it. False if there is none, or the slice is over.</summary>
    internal bool TryTakeFor(Worker worker, out Envelope envelope)
    {
        if (!TryEndTrace(worker) || !worker.MayTake() || !TryDequeue(out envelope))
        {
            envelope = default;
            return false;
        }

        _handled++;
        worker.Begin(envelope.Message, envelope.Sender);
        if (_details is { Traces: not null } details)
        {
            MessageTrace.Begin(details, worker);
        }

        return true;
    }

    /// <summary>Called by the worker at the end of its slice, while it owns the actor. False if the actor was taken from the worker.</summary>
    internal bool TryEndSlice(Worker worker, long ticks)
    {
        AddBusy(ticks);

        // After an await the message is still the current one. It completes with the next read of the queue. But the worker forgets how it ended.
        return (worker.Failure is null && !worker.WasUnhandled) || TryEndTrace(worker);
    }

    /// <summary>
    /// Reports the current message, if the actor is traced. False if the actor was taken from the worker during this, because the text of a message
    /// comes from code of the application.
    /// </summary>
    private bool TryEndTrace(Worker worker)
    {
        if (_details is not { Traced.Message: not null })
        {
            return true;
        }

        worker.Enter();
        MessageTrace.End(this, worker);
        return worker.Leave();
    }

    private static Node? Turn(Node? top)
    {
        Node? first = null;
        var depth = 0;
        while (top is not null)
        {
            var below = top.Next;
            top.Next = first;
            top.Depth = ++depth;
            first = top;
            top = below;
        }

        return first;
    }

    /// <summary>A waiting message, with the number of messages from this one on. So the length of the queue needs no separate counter.</summary>
    private sealed class Node(Envelope envelope)
    {
        public readonly Envelope Envelope = envelope;
        public Node? Next;
        public int Depth;
    }
}
