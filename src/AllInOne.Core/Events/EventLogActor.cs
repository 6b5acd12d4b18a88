using Akka.Actor;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Events;

/// <summary>
/// <c>/user/live/log</c>: gives events their sequence numbers, keeps them in the ring and queues them for storage. All that
/// concerns the entities' data, reads and barriers too, passes here in one order. It keeps nothing itself: the ring and the
/// queue are the modules', so its restart goes on with the next number.
/// </summary>
internal sealed class EventLogActor(EventRing ring, HistoryStore history, EventSignal signal, Action signalled)
    : UntypedActor
{
    /// <summary>The receipt comes back once all that was told before is committed.</summary>
    public sealed record Barrier(Receipt Receipt);

    /// <summary>The same, answered to the sender.</summary>
    public sealed record AskBarrier
    {
        public static AskBarrier Instance { get; } = new();
    }

    /// <summary>An entity's stored snapshot, behind all that was told before; the answer goes to the sender.</summary>
    public sealed record ReadEntity(EntityId Id);

    /// <summary>All stored entities, in the same way.</summary>
    public sealed record ReadEntityIds
    {
        public static ReadEntityIds Instance { get; } = new();
    }

    /// <summary>Answers a message that will not be handled.</summary>
    public static void Refuse(object message, IActorRef? sender, string reason)
    {
        switch (message)
        {
            case EventDraft draft:
                draft.Receipt.Fail(reason);
                break;
            case Barrier barrier:
                barrier.Receipt.Fail(reason);
                break;
            case AskBarrier:
                sender?.Tell(new ReceiptFailed(0, reason), ActorRefs.NoSender);
                break;
            case ReadEntity read:
                sender?.Tell(new ReadFailed(read.Id, reason), ActorRefs.NoSender);
                break;
            case ReadEntityIds:
                sender?.Tell(new ReadFailed(null, reason), ActorRefs.NoSender);
                break;
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EventDraft draft:
                Publish(draft);
                break;
            case Barrier barrier:
                history.Barrier(barrier.Receipt);
                break;
            case AskBarrier:
                history.Barrier(new Receipt(Sender, 0));
                break;
            case ReadEntity read:
                history.ReadEntity(read.Id, Sender);
                break;
            case ReadEntityIds:
                history.ReadEntityIds(Sender);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        if (message is not null)
        {
            Refuse(message, Sender, $"The event log failed: {reason.Message}");
        }

        base.PreRestart(reason, message!);
    }

    private void Publish(EventDraft draft)
    {
        var seq = ring.Next;
        EventEncoder.SetSeq(draft.Encoded.Json, seq);
        if (draft.IsStored)
        {
            var stored = new StoredEvent(seq, draft.Time, draft.Topic, draft.Type, draft.Version, draft.State, draft.Encoded.Data);
            // Queued before it is shown: if queueing fails, the number is not used and nobody has seen the event.
            history.Append(stored, draft.Row, draft.Receipt);
        }

        ring.Append(new PublishedEvent(seq, draft.Time, draft.Topic, draft.Type, draft.Encoded) { IsStored = draft.IsStored });
        if (signal.TryRaise())
        {
            signalled();
        }
    }
}
