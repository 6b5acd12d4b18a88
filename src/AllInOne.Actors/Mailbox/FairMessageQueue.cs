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
        Worker.ThrowIfLost();
        var first = _pending;
        Volatile.Write(ref _pending, new Node(envelope) { Next = first, Depth = (first?.Depth ?? 0) + 1 });
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        if (Worker.Current is not { } worker || worker.Queue != this)
        {
            return Take(out envelope);
        }

        if (_details is { Traced.Message: not null })
        {
            MessageTrace.End(this, worker);
        }

        worker.EndMessage();
        if (!worker.MayTake() || !Take(out envelope))
        {
            envelope = default;
            return false;
        }

        _handled++;
        worker.Begin(envelope.Message, envelope.Sender);
        if (_details is { } details)
        {
            if (details.End is not null)
            {
                Abandonment.OnEndDone(worker, details);
            }

            if (details.Traces is not null)
            {
                MessageTrace.Begin(details, worker);
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        ArgumentNullException.ThrowIfNull(deadletters);
        while (Take(out var envelope))
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

    internal void AddBusy(long ticks) => Interlocked.Add(ref _busyTicks, ticks);

    /// <summary>Called by the worker after its slice. Another worker may run this actor already.</summary>
    internal void EndSlice(Worker worker, long ticks)
    {
        AddBusy(ticks);
        if (worker.Failure is not null && _details is { Traced.Message: not null })
        {
            // After an await the message is still the current one. It completes with the next read of the queue.
            MessageTrace.End(this, worker);
        }

        if (_details is { End: not null } details)
        {
            Abandonment.OnEndDone(worker, details);
        }
    }

    private bool Take(out Envelope envelope)
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
