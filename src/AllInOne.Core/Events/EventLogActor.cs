using Akka.Actor;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Events;

/// <summary>
/// <c>/user/live/log</c>: assigns sequence numbers to events, puts them into the ring and queues them for storage. An event comes as its write
/// (<see cref="AppendEvent"/>), or as a bare <see cref="LogEntry"/> if it is only in the ring. All events, reads and barriers of entities pass here
/// in one order. The actor has no state of its own: the modules own the ring and the queue, so after a restart it continues with the next number.
/// </summary>
internal sealed class EventLogActor(EventRing ring, HistoryStore history, EventSignal signal, Action signalled)
    : TreeActor
{
    /// <summary>A barrier: its receipt is answered when all earlier messages are committed.</summary>
    public sealed record Barrier(Receipt Receipt) : IRefusable
    {
        public void Refuse(string reason, IActorRef? sender) => Receipt.Fail(reason);
    }

    /// <summary>A barrier that is answered to the sender.</summary>
    public sealed record AskBarrier : IRefusable
    {
        public static AskBarrier Instance { get; } = new();
    }

    /// <summary>Reads the stored snapshot of an entity, after all earlier messages; the answer goes to the sender.</summary>
    public sealed record ReadEntity(EntityId Id) : IRefusable;

    /// <summary>Reads the ids of all stored entities in the same way.</summary>
    public sealed record ReadEntityIds : IRefusable
    {
        public static ReadEntityIds Instance { get; } = new();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AppendEvent append:
                append.Entry.Number(ring.Next);
                // Queued before it is visible: if queueing fails, no reader has seen the event, and the next one gets its number.
                history.Append(append);
                Show(append.Entry);
                break;
            case LogEntry unstored:
                Show(unstored.Number(ring.Next));
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

    private void Show(LogEntry entry)
    {
        ring.Append(entry);
        if (signal.TryRaise())
        {
            signalled();
        }
    }
}
