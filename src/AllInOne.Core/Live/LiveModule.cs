using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Live;

/// <summary>The module of the event log and the live connections: it creates them and the props of their supervisor.</summary>
public sealed class LiveModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "live";

    /// <param name="history">The open history; its last stored number decides the first sequence number of this process.</param>
    /// <param name="hasUnstored">Whether some events are only in the ring.</param>
    /// <param name="readiness">Notified when the event log assigns numbers. Events may be published before.</param>
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

    /// <summary>The props of the supervisor; start it once, as <c>/user/live</c>.</summary>
    public Props Supervisor { get; }
}
