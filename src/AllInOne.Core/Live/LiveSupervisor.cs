using Akka.Actor;
using Akka.Event;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AllInOne.Core.Live;

/// <summary>
/// <c>/user/live</c>: the supervisor of the event log and the subscriptions. Its own restart leaves both running with their mailboxes. A child
/// that was stopped is started again and gets the unhandled messages of its previous incarnation. Only a message that a thread was sending
/// at the moment of the stop may arrive after later ones.
/// </summary>
internal sealed partial class LiveSupervisor(
    LiveConnections connections, HistoryStore history, LiveOptions options, SupervisionOptions supervision, Readiness readiness, ILogger log)
    : UntypedActor
{
    private const string LogName = "log";
    private const string SubscriptionsName = "subscriptions";

    /// <summary>Start the child again. All dead letters of its previous incarnation come before this message.</summary>
    private sealed record Revive(string Name);

    protected override SupervisorStrategy SupervisorStrategy() => new BackoffStrategy(supervision);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        Ensure(LogName);
        Ensure(SubscriptionsName);
        readiness.Ready(LiveModule.Name);
    }

    // The children and their mailboxes stay.
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override void PostStop()
    {
        // Messages are kept until the next start.
        connections.Events.Log.Detach();
        connections.Subscriptions.Detach();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DeadLetter letter:
                Reclaim(letter);
                break;
            case Terminated died:
                var name = died.ActorRef.Path.Name;
                if (died.ActorRef.Equals(AddressOf(name).Current))
                {
                    AddressOf(name).Detach();
                }

                LogCameBack(died.ActorRef.Path.ToStringWithoutAddress());
                Self.Tell(new Revive(name));
                break;
            case Revive revive:
                Ensure(revive.Name);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ensure(string name)
    {
        var child = Context.Child(name);
        if (child.IsNobody())
        {
            child = Context.ActorOf(name == LogName ? LogProps() : SubscriptionsProps(), name);
        }

        Context.Watch(child);
        AddressOf(name).Attach(child);
    }

    private Props LogProps()
    {
        var (ring, signal, store) = (connections.Events.Ring, connections.Events.Signal, history);
        Action signalled = () => connections.Subscriptions.Tell(SubscriptionsActor.NewEvents.Instance);
        return Props.Create(() => new EventLogActor(ring, store, signal, signalled));
    }

    private Props SubscriptionsProps()
    {
        var (ring, signal, all, settings) = (connections.Events.Ring, connections.Events.Signal, connections, options);
        return Props.Create(() => new SubscriptionsActor(ring, signal, all, settings));
    }

    private ActorAddress AddressOf(string name) => name == LogName ? connections.Events.Log : connections.Subscriptions;

    private void Reclaim(DeadLetter letter)
    {
        if (letter.Recipient.Path.Parent != Self.Path)
        {
            return;
        }

        var wanted = letter.Message is AppendEvent or LogEntry or EventLogActor.Barrier or EventLogActor.AskBarrier
            or EventLogActor.ReadEntity or EventLogActor.ReadEntityIds
            or SubscriptionsActor.Subscribe or SubscriptionsActor.Unsubscribe;
        if (wanted)
        {
            AddressOf(letter.Recipient.Path.Name).Reclaim(letter.Recipient, letter.Message, letter.Sender);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was stopped; it is started again")]
    private partial void LogCameBack(string path);
}
