using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Entities;

/// <summary>The module of the entities: it creates their directory and the props of their supervisor.</summary>
public sealed class EntitiesModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "entities";

    /// <param name="events">The event log, which runs below <c>/user/live</c> or will start soon.</param>
    /// <param name="readiness">Notified when all stored entities are restored.</param>
    public EntitiesModule(
        EntitiesOptions options,
        SupervisionOptions supervision,
        HistoryStore history,
        EventLog events,
        TimeProvider clock,
        Readiness readiness,
        ILoggerFactory loggers)
    {
        var directory = new EntityDirectory(options, history);
        var log = loggers.CreateLogger<EntitiesSupervisor>();
        Directory = directory;
        Actor = Props.Create(() => new EntitiesSupervisor(directory, events, options, supervision, clock, readiness, log));
    }

    public EntityDirectory Directory { get; }

    /// <summary>The props of the actor <c>/user/entities</c>.</summary>
    public Props Actor { get; }
}
