using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Live;

/// <summary>What this folder brings to the program: the event log, and the actor below which its work is done.</summary>
public sealed class LiveModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "live";

    /// <param name="history">Open; its last stored number decides where this run's numbers begin.</param>
    /// <param name="hasUnstored">Whether there are events that are kept in the ring alone.</param>
    /// <param name="readiness">Is told once events are numbered; they may be published before.</param>
    public LiveModule(
        LiveOptions options,
        SupervisionOptions supervision,
        HistoryStore history,
        TimeProvider clock,
        Readiness readiness,
        ILoggerFactory loggers,
        bool hasUnstored = false)
    {
        var log = loggers.CreateLogger<LiveSupervisor>();
        ArgumentNullException.ThrowIfNull(options);
        Events = new EventLog(options.Log, history, clock, hasUnstored);
        var connections = new LiveConnections(Events, options, clock, loggers.CreateLogger<LiveConnections>());
        Connections = connections;
        Supervisor = Props.Create(() => new LiveSupervisor(connections, history, options, supervision, readiness, log));
    }

    public EventLog Events { get; }

    /// <summary>The clients that follow the event log.</summary>
    public LiveConnections Connections { get; }

    /// <summary>To be started once, as <c>/user/live</c>.</summary>
    public Props Supervisor { get; }
}
