using Akka.Actor;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Entities;

/// <summary>
/// The actor of one entity, <c>/user/entities/{id}</c>: a thin shell around <see cref="EntityState"/>. First it reads its stored state. The read
/// takes the same way as its writes, so it comes after everything that a previous incarnation has sent. Other messages are stashed until then. If a
/// message fails, it is answered as refused, and the actor restarts.
/// </summary>
internal sealed class EntityActor(
    EntityId id, EventLog events, EntityTable table, TimeProvider clock, EntitiesOptions options, EntityLimits limits)
    : TreeActor, IWithStash
{
    /// <summary>The timeout of the read. An answer is lost only if the event log is stopped for ever; then a restart asks the next incarnation.</summary>
    public static readonly TimeSpan RestoreTimeout = TimeSpan.FromMinutes(5);

    private readonly string _topic = "entities/" + id.Value;
    private EntitySnapshot? _current;
    private bool _restored;
    private int _held;
    private long _lastTag;
    private Dictionary<long, (IActorRef Asker, object Answer)>? _uncommitted;

    /// <summary>A report of a feed. The receipt is answered after the commit, even if the report changes nothing.</summary>
    public sealed record Report(EntityReport Reported, Receipt Receipt) : IEntityMessage
    {
        public EntityId Id => Reported.Id;

        public void Refuse(string reason, IActorRef? sender) => Receipt.Fail(reason);
    }

    /// <summary>
    /// Replaces the entity; the sender gets a <see cref="PutResult"/> after the commit, an <see cref="EntityFault"/>,
    /// <see cref="ConditionFailed"/>, <see cref="Full"/> or <see cref="Refused"/>.
    /// </summary>
    public sealed record Put(EntityId Id, EntityReplacement Replacement, VersionCondition Condition) : IEntityMessage;

    /// <summary>
    /// Deletes the entity; the sender gets <see cref="Deleted"/> after the commit, <see cref="ConditionFailed"/> or
    /// <see cref="Refused"/>.
    /// </summary>
    public sealed record Delete(EntityId Id, VersionCondition Condition) : IEntityMessage;

    /// <summary>
    /// Sends a command to the device, or applies it if the entity is virtual. The sender gets a <see cref="CommandResult"/> (after the
    /// commit if the command is accepted), <see cref="Full"/> or <see cref="Refused"/>.
    /// </summary>
    public sealed record Obey(EntityId Id, EntityCommand Command) : IEntityMessage;

    /// <summary>The answer to <see cref="Delete"/>.</summary>
    public sealed record Deleted(bool WasThere);

    /// <summary>The answer to a command whose version condition does not hold. The command changed nothing.</summary>
    public sealed record ConditionFailed
    {
        public static ConditionFailed Instance { get; } = new();
    }

    /// <summary>The answer to a command for which no memory is left. The command changed nothing.</summary>
    public sealed record Full(string Reason);

    /// <summary>From the supervisor, which sends no other message after it: stop if the entity does not exist, otherwise answer that it exists.</summary>
    public sealed record Retire
    {
        public static Retire Instance { get; } = new();
    }

    /// <summary>The stored state that this incarnation has requested. An answer to a previous incarnation is stale.</summary>
    private sealed record Answered(object Incarnation, object Answer);

    /// <summary>Check whether the entity exists. It comes after all stashed messages.</summary>
    private sealed record Settle
    {
        public static Settle Instance { get; } = new();
    }

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        object incarnation = this;
        _ = events.Log.AskAsync(new EventLogActor.ReadEntity(id), RestoreTimeout, CancellationToken.None).PipeTo(
            Self,
            Self,
            answer => new Answered(incarnation, answer),
            fault => new Answered(incarnation, new ReadFailed(id, fault.Message)));
    }

    protected override void OnRestarting(object? message) => RefuseUncommitted();

    protected override void PostStop() => RefuseUncommitted();

    protected override void OnReceive(object message)
    {
        if (!_restored)
        {
            WhileRestoring(message);
            return;
        }

        switch (message)
        {
            case Report report:
                OnReport(report);
                break;
            case Put put:
                OnPut(put);
                break;
            case Delete delete:
                OnDelete(delete);
                break;
            case Obey obey:
                OnObey(obey);
                break;
            case Committed committed:
                OnCommitted(committed);
                break;
            case ReceiptFailed failed:
                OnReceiptFailed(failed);
                break;
            case Retire:
                OnRetire();
                break;
            case Settle:
                OfferToRetire();
                break;
            case Answered:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void WhileRestoring(object message)
    {
        switch (message)
        {
            case Answered { Answer: EntityRead read } answered when answered.Incarnation == this:
                Restore(read.Row);
                break;
            case Answered { Answer: ReadFailed failed } answered when answered.Incarnation == this:
                throw new EntityRestoreException($"{id} cannot be restored: {failed.Reason}");
            case Answered or Committed or ReceiptFailed or Settle:
                // Reply to a previous incarnation: stale, ignore.
                break;
            case IEntityMessage refused when _held >= options.MaxHeld:
                refused.Refuse($"{id} is still restoring and {_held} messages wait for it.", Sender);
                break;
            default:
                _held++;
                Stash.Stash();
                break;
        }
    }

    private void Restore(EntityRow? row)
    {
        _current = row?.Data is { } data ? EntitySnapshot.Parse(data) : null;
        if (_current is null)
        {
            table.Remove(id);
            Self.Tell(Settle.Instance);
        }
        else
        {
            table.Set(_current);
        }

        _restored = true;
        Stash.UnstashAll();
        Context.Parent.Tell(new EntitiesSupervisor.EntityRestored(id, _current is null ? null : limits.FaultOf(_current)));
    }

    private void OnReport(Report report)
    {
        var next = EntityState.Apply(_current, report.Reported, EventTime.Now(clock));
        if (limits.FaultOf(next, _current) is { } fault)
        {
            report.Receipt.Fail($"{id}: {fault}");
            OfferToRetire();
        }
        else if (!HasRoom(next))
        {
            report.Receipt.Fail(NoRoom);
            OfferToRetire();
        }
        else if (!ReferenceEquals(next, _current))
        {
            Publish(next, report.Receipt);
        }
        else if (report.Receipt.To is not null)
        {
            // There is nothing to store, but earlier changes may not be committed yet.
            events.Barrier(report.Receipt);
        }
    }

    private void OnPut(Put put)
    {
        if (!put.Condition.Holds(_current?.Version))
        {
            Sender.Tell(ConditionFailed.Instance);
            OfferToRetire();
            return;
        }

        var created = _current is null;
        var next = EntityState.Replace(_current, id, put.Replacement, EventTime.Now(clock));
        if (limits.FaultOf(next, _current) is { } fault)
        {
            Sender.Tell(fault);
            OfferToRetire();
            return;
        }

        if (!HasRoom(next))
        {
            Sender.Tell(new Full(NoRoom));
            OfferToRetire();
            return;
        }

        var receipt = Await(new PutResult(created, next), Sender);
        if (ReferenceEquals(next, _current))
        {
            events.Barrier(receipt);
        }
        else
        {
            Publish(next, receipt);
        }
    }

    private void OnDelete(Delete delete)
    {
        if (_current is not { } last)
        {
            Sender.Tell(new Deleted(WasThere: false));
            OfferToRetire();
            return;
        }

        if (!delete.Condition.Holds(last.Version))
        {
            Sender.Tell(ConditionFailed.Instance);
            return;
        }

        var now = EventTime.Now(clock);
        var entry = events.Encoder.Encode(now, _topic, "deleted", last, EntitySnapshotJson.Write);
        var receipt = Await(new Deleted(WasThere: true), Sender);
        _current = null;
        table.Remove(id);
        events.Publish(entry, new EntityRow(id, last.Version, Data: null), receipt);
    }

    private void OnObey(Obey obey)
    {
        if (_current is not { } current)
        {
            Sender.Tell(CommandResult.NoEntity.Instance);
            OfferToRetire();
            return;
        }

        var now = EventTime.Now(clock);
        var next = current;
        if (current.Virtual)
        {
            var (state, wrong) = VirtualEntity.Obey(current.State, obey.Command);
            if (wrong is not null)
            {
                Sender.Tell(wrong);
                return;
            }

            next = EntityState.Apply(current, new EntityReport(id, state, null, null, null, null, []), now);
            if (limits.FaultOf(next, current) is { } fault)
            {
                Sender.Tell(new CommandResult.Wrong($"parameters.{fault.Member}", fault.Reason));
                return;
            }

            if (!HasRoom(next))
            {
                Sender.Tell(new Full(NoRoom));
                return;
            }
        }

        // First the command, then the new state; the receipt of the last event is the answer. If the first event is lost, this actor restarts and
        // refuses both.
        var accepted = new CommandResult.Accepted(now);
        var changes = !ReferenceEquals(next, current);
        Publish(obey.Command, now, Await(accepted, changes ? ActorRefs.Nobody : Sender));
        if (changes)
        {
            Publish(next, Await(accepted, Sender));
        }
    }

    private string NoRoom => $"{id} is not stored: there is no memory left for entities (Entities:MaxBytes); nothing was changed.";

    /// <summary>
    /// Whether the entity may grow to this size. Entities change at the same time, each in its own actor, so together they may exceed the limit.
    /// </summary>
    private bool HasRoom(EntitySnapshot next) => options.HasRoom(table.Bytes, _current?.Size, next.Size);

    private void Publish(EntityCommand command, DateTimeOffset now, Receipt receipt)
    {
        events.Publish(events.Encoder.Encode(now, _topic + "/commands", "command", command.ToUtf8(id)), null, receipt);
    }

    private void Publish(EntitySnapshot next, Receipt receipt)
    {
        var type = _current is null ? "created" : "changed";
        var entry = events.Encoder.Encode(next.Updated, _topic, type, next, EntitySnapshotJson.Write);
        _current = next;
        table.Set(next);
        events.Publish(entry, new EntityRow(id, next.Version, entry.Data, next.State), receipt);
    }

    private Receipt Await(object answer, IActorRef asker)
    {
        (_uncommitted ??= [])[++_lastTag] = (asker, answer);
        return new Receipt(Self, _lastTag);
    }

    private void OnCommitted(Committed committed)
    {
        foreach (var tag in committed.Tags)
        {
            if (_uncommitted?.Remove(tag, out var waiting) == true)
            {
                waiting.Asker.Tell(waiting.Answer);
            }
        }

        OfferToRetire();
    }

    private void OnReceiptFailed(ReceiptFailed failed)
    {
        if (_uncommitted?.Remove(failed.Tag, out var waiting) == true)
        {
            waiting.Asker.Tell(new Refused(failed.Reason));
            throw new EntityRestoreException($"{id} was not stored as it is now: {failed.Reason}");
        }
    }

    private bool IsGone => _current is null && _uncommitted is not { Count: > 0 };

    private void OfferToRetire()
    {
        if (IsGone)
        {
            Context.Parent.Tell(new EntitiesSupervisor.EntityGone(id));
        }
    }

    private void OnRetire()
    {
        if (IsGone)
        {
            Context.Stop(Self);
        }
        else
        {
            Context.Parent.Tell(new EntitiesSupervisor.EntityStays(id));
        }
    }

    private void RefuseUncommitted()
    {
        foreach (var (asker, _) in _uncommitted?.Values ?? Enumerable.Empty<(IActorRef Asker, object)>())
        {
            asker.Tell(new Refused($"{id} stopped or restarted before this was known to be stored."), ActorRefs.NoSender);
        }
    }
}
