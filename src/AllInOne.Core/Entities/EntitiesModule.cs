using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Entities;

/// <summary>What this folder brings to the program: the directory of the entities, and the supervisor of their actors.</summary>
public sealed class EntitiesModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "entities";

    /// <param name="events">Running below <c>/user/live</c> already, or soon.</param>
    /// <param name="readiness">Is told when all stored entities are back.</param>
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
        Supervisor = Props.Create(() => new EntitiesSupervisor(directory, events, options, supervision, clock, readiness, log));
    }

    public EntityDirectory Directory { get; }

    /// <summary>To be started once, as <c>/user/entities</c>.</summary>
    public Props Supervisor { get; }
}
