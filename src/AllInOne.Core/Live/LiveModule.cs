using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Live;

/// <summary>The module of the event log and the live connections: it creates them and specifies their actors.</summary>
public sealed class LiveModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "live";

    /// <param name="history">The open history; its last stored number decides the first sequence number of this process.</param>
    /// <param name="hasUnstored">Whether some events are only in the ring.</param>
    public LiveModule(
        LiveOptions options, HistoryStore history, TimeProvider clock, ILoggerFactory loggers, bool hasUnstored = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        Events = new EventLog(options.Log, history, clock, hasUnstored);
        var connections = new LiveConnections(Events, options, clock, loggers.CreateLogger<LiveConnections>());
        Connections = connections;
        var (ring, signal) = (Events.Ring, Events.Signal);
        Action signalled = () => connections.Subscriptions.Tell(SubscriptionsActor.NewEvents.Instance);
        Actors =
        [
            new ChildSpec("log", Props.Create(() => new EventLogActor(ring, history, signal, signalled))) { Address = Events.Log },
            new ChildSpec("subscriptions", Props.Create(() => new SubscriptionsActor(ring, signal, connections, options))) { Address = connections.Subscriptions },
        ];
    }

    public EventLog Events { get; }

    /// <summary>The clients that follow the event log.</summary>
    public LiveConnections Connections { get; }

    /// <summary>The actors below <c>/user/live</c>.</summary>
    public IReadOnlyList<ChildSpec> Actors { get; }
}
