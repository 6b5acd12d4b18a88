using Akka.Actor;
using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>
/// <c>/user/live/subscriptions</c>: the actor that finds the matching subscriptions of new events. The event log notifies it once for any number of
/// events. So the work of the event log does not depend on the number of subscriptions. After the first
/// match it gathers for a moment, then queues the connections. After a restart it gets the subscriptions from the open connections.
/// </summary>
internal sealed class SubscriptionsActor(EventRing ring, EventSignal signal, LiveConnections connections, LiveOptions options)
    : UntypedActor, IWithTimers
{
    private readonly TopicIndex<Subscription> _registered = new();
    private readonly List<Subscription> _notified = [];
    private readonly List<Subscription> _found = [];
    private readonly CheckProgress _checked = new(ring.Head);

    /// <summary>The event log has new events.</summary>
    public sealed record NewEvents
    {
        public static NewEvents Instance { get; } = new();
    }

    /// <summary>Register this subscription: notify it of matching events.</summary>
    public sealed record Subscribe(Subscription Subscription);

    /// <summary>Remove this closed subscription.</summary>
    public sealed record Unsubscribe(Subscription Subscription);

    private sealed record Beat
    {
        public static Beat Instance { get; } = new();
    }

    private sealed record GatherTimeOver
    {
        public static GatherTimeOver Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NewEvents:
                CheckNewEvents();
                break;
            case Subscribe subscribe:
                Add(subscribe.Subscription);
                break;
            case Unsubscribe unsubscribe:
                _registered.Remove(unsubscribe.Subscription);
                break;
            case Beat:
                connections.Beat();
                break;
            case GatherTimeOver:
                QueueNotified();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PreStart()
    {
        foreach (var subscription in connections.Open().SelectMany(connection => connection.Subscriptions))
        {
            if (!subscription.IsNotified || !subscription.IsOneShot)
            {
                Add(subscription);
            }

            if (subscription.IsNotified)
            {
                // The previous incarnation may have stopped before it queued the connection.
                subscription.Connection.Ready(subscription);
            }
        }

        Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, connections.BeatTime);
    }

    private void Add(Subscription subscription)
    {
        if (subscription.IsClosed)
        {
            return;
        }

        var since = subscription.CheckedSeq;
        SkipTo(since);
        _registered.Add(subscription);
        if (FirstMatch(subscription, since) is { } seq)
        {
            _found.Add(subscription);
            NotifyFound(seq);
            Gather();
        }

        subscription.SetProgress(_checked);
        CheckNewEvents();
    }

    // Without subscriptions no events were checked. The first subscription has read all events up to this number itself.
    private void SkipTo(long since)
    {
        if (_registered.Count == 0)
        {
            _checked.Seq = Math.Max(_checked.Seq, since);
        }
    }

    /// <summary>The first event that matches a new subscription, among the events after its own read that this actor has checked already.</summary>
    private long? FirstMatch(Listener newcomer, long since)
    {
        for (var seq = Math.Max(since + 1, ring.First); seq <= _checked.Seq; seq++)
        {
            if (ring.Find(seq) is not { } found || newcomer.Topics.Matches(found.Topic))
            {
                return seq;
            }
        }

        return null;
    }

    private void CheckNewEvents()
    {
        if (_registered.Count == 0)
        {
            // The signal stays raised: without subscriptions no notification is needed.
            return;
        }

        signal.Lower();
        var head = ring.Head;
        for (var seq = Math.Max(_checked.Seq + 1, ring.First); seq <= head; seq++)
        {
            if (ring.Find(seq) is { } found)
            {
                _registered.Find(found.Topic, _found);
                NotifyFound(seq);
            }
            else
            {
                // The ring has overwritten the event: any subscription may have missed a match.
                _found.AddRange(_registered.All);
                NotifyFound(seq);
            }
        }

        // After the notifications: a subscription that is not notified now has no match up to here.
        _checked.Seq = head;
        Gather();
    }

    /// <summary>Notifies the found subscriptions and clears the list.</summary>
    private void NotifyFound(long seq)
    {
        foreach (var subscription in _found)
        {
            if (subscription.TryNotify(seq))
            {
                _notified.Add(subscription);
                if (subscription.IsOneShot)
                {
                    _registered.Remove(subscription);
                }
            }
        }

        _found.Clear();
    }

    private void Gather()
    {
        if (_notified.Count == 0)
        {
            return;
        }

        if (options.GatherTime <= TimeSpan.Zero)
        {
            QueueNotified();
        }
        else if (!Timers.IsTimerActive(GatherTimeOver.Instance))
        {
            Timers.StartSingleTimer(GatherTimeOver.Instance, GatherTimeOver.Instance, options.GatherTime);
        }
    }

    private void QueueNotified()
    {
        foreach (var subscription in _notified)
        {
            subscription.Connection.Ready(subscription);
        }

        _notified.Clear();
    }
}
