using Akka.Actor;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging;

using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AllInOne.Core.Entities;

/// <summary>
/// <c>/user/entities</c>: the supervisor with one child per entity. It routes all messages in order. It creates the actor of an entity at its first
/// message, and the actors of all stored entities at the start. It stops an actor when its entity was deleted. Its own restart keeps the children and
/// all mailboxes. A child that stopped for another reason is started again.
/// </summary>
internal sealed partial class EntitiesSupervisor(
    EntityDirectory directory,
    EventLog events,
    EntitiesOptions options,
    SupervisionOptions supervision,
    TimeProvider clock,
    Readiness readiness,
    ILogger log) : TreeActor, IRevivesChildren, IWithStash
{
    /// <summary>How many actors one message creates at the start, so that other messages do not wait for long.</summary>
    private const int CreatedPerTurn = 500;

    private readonly Dictionary<EntityId, Child> _children = [];
    private RestoreProgress? _progress;
    private bool _restored;
    private int _held;
    private bool _limitLogged;

    /// <summary>A child reports that it has restored its state.</summary>
    /// <param name="Fault">The limit that the stored entity exceeds; usually null.</param>
    public sealed record EntityRestored(EntityId Id, EntityFault? Fault);

    /// <summary>A child reports that its entity was deleted, and that all its writes are committed.</summary>
    public sealed record EntityGone(EntityId Id);

    /// <summary>A child that should retire reports that its entity exists again.</summary>
    public sealed record EntityStays(EntityId Id);

    private sealed record RestoreMore
    {
        public static RestoreMore Instance { get; } = new();
    }

    public IStash Stash { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new BackoffStrategy(supervision.WithoutLimit);

    protected override void PreStart()
    {
        foreach (var child in Context.GetChildren())
        {
            if (EntityId.TryParse(child.Path.Name, out var id))
            {
                Adopt(id, child);
            }
        }

        directory.Supervisor.Attach(Self);
        _ = events.Log.AskAsync(EventLogActor.ReadEntityIds.Instance, EntityActor.RestoreTimeout, CancellationToken.None)
            .PipeTo(Self, Self);
    }

    protected override void PostStop() => directory.Supervisor.Detach();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IEntityMessage routed:
                Route(routed);
                break;
            case EntityRestored restored:
                OnRestored(restored);
                break;
            case EntityGone gone:
                OnGone(gone);
                break;
            case EntityStays stays when _children.TryGetValue(stays.Id, out var child):
                child.IsRetiring = false;
                Release();
                break;
            case Terminated died:
                OnTerminated(died.ActorRef);
                break;
            case EntityIdsRead read:
                _progress = new RestoreProgress(read.Ids);
                RestoreMoreOf(_progress);
                break;
            case RestoreMore when _progress is not null:
                RestoreMoreOf(_progress);
                break;
            case ReadFailed failed:
                throw new EntityRestoreException($"The entities' ids cannot be read: {failed.Reason}");
            case Status.Failure failure:
                throw new EntityRestoreException("The entities' ids cannot be read.", failure.Cause);
            case EntityStays:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnRestored(EntityRestored restored)
    {
        if (restored.Fault is { } fault)
        {
            LogOverLimit(restored.Id.Value, fault.ToString());
        }

        _progress?.Done(restored.Id);
        ReportReadiness();
    }

    private void Route(IEntityMessage message)
    {
        if (_children.TryGetValue(message.Id, out var child))
        {
            if (child.IsRetiring)
            {
                Hold(message);
            }
            else
            {
                child.Actor.Tell(message, Sender);
            }
        }
        else if (_progress is { AllMade: true } && AnswerOfNobody(message) is { } answer)
        {
            // Do not create an actor only to answer that the entity does not exist.
            Sender.Tell(answer);
        }
        else if (_children.Count < options.MaxEntities)
        {
            Create(message.Id).Actor.Tell(message, Sender);
        }
        else
        {
            RefuseBeyondLimit(message);
        }
    }

    /// <summary>The answer to a message if the entity does not exist; null if the message creates the entity.</summary>
    private static object? AnswerOfNobody(IEntityMessage message) => message switch
    {
        EntityActor.Delete => new EntityActor.Deleted(WasThere: false),
        EntityActor.Obey => CommandResult.NoEntity.Instance,
        _ => null,
    };

    // Held messages are in the stash and not in a field, so they survive a crash of this actor.
    private void Hold(IEntityMessage message)
    {
        if (_held >= options.MaxHeld)
        {
            message.Refuse($"{message.Id} is being deleted, and {_held} messages wait.", Sender);
            return;
        }

        _held++;
        Stash.Stash();
    }

    private void Release()
    {
        _held = 0;
        Stash.UnstashAll();
    }

    private void RefuseBeyondLimit(IEntityMessage message)
    {
        var reason = $"There are {_children.Count} entities, as many as Entities:MaxEntities allows.";
        if (message is EntityActor.Put)
        {
            Sender.Tell(new EntityActor.Full(reason));
        }
        else
        {
            message.Refuse(reason, Sender);
        }

        if (!_limitLogged)
        {
            _limitLogged = true;
            LogLimit(_children.Count, message.Id.Value);
        }
    }

    private Child Create(EntityId id)
    {
        var props = Props.Create(() => new EntityActor(id, events, directory.Table, clock, options, directory.Limits));
        return Adopt(id, Context.ActorOf(props, id.Value));
    }

    private Child Adopt(EntityId id, IActorRef actor)
    {
        Context.Watch(actor);
        return _children[id] = new Child(actor);
    }

    private void OnGone(EntityGone gone)
    {
        if (!_children.TryGetValue(gone.Id, out var child) || !child.Actor.Equals(Sender))
        {
            return;
        }

        if (!child.IsRetiring)
        {
            child.IsRetiring = true;
            child.Actor.Tell(EntityActor.Retire.Instance);
        }
    }

    private void OnTerminated(IActorRef actor)
    {
        if (!EntityId.TryParse(actor.Path.Name, out var id)
            || (_children.TryGetValue(id, out var child) && !child.Actor.Equals(actor)))
        {
            return;
        }

        var retired = child is { IsRetiring: true } && directory.Table.Find(id) is null;
        _children.Remove(id);
        _progress?.Done(id);
        if (!retired)
        {
            LogCameBack(id.Value);
            Create(id);
        }

        Release();
    }

    private void RestoreMoreOf(RestoreProgress progress)
    {
        progress.Advance(CreatedPerTurn, id =>
        {
            if (_children.ContainsKey(id))
            {
                return false;
            }

            Create(id);
            return true;
        });
        if (!progress.AllMade)
        {
            Self.Tell(RestoreMore.Instance);
        }

        ReportReadiness();
    }

    private void ReportReadiness()
    {
        if (_progress is null || _restored)
        {
            return;
        }

        if (_progress.Left > 0)
        {
            readiness.NotReady(EntitiesModule.Name, $"{_progress.Left} of {_progress.Total} entities are still restoring");
            return;
        }

        _restored = true;
        directory.Restored();
        LogRestored(_progress.Total);
        readiness.Ready(EntitiesModule.Name);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} stored entities are restored")]
    private partial void LogRestored(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There are {Count} entities, as many as allowed: {Id} and other new ones are refused")]
    private partial void LogLimit(int count, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Id} is stored over a limit: {Fault}. It is kept; changes that make it larger are refused. PUT or DELETE it, or raise the limit")]
    private partial void LogOverLimit(string id, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The actor of {Id} was stopped; it is started again")]
    private partial void LogCameBack(string id);

    private sealed class Child(IActorRef actor)
    {
        public IActorRef Actor { get; } = actor;

        /// <summary>Whether it was requested to stop if its entity does not exist. New messages are held until it answers.</summary>
        public bool IsRetiring { get; set; }
    }
}
