using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Live;

/// <summary>
/// <c>/user/live/subscriptions</c>: the actor that finds the matching subscriptions of new events. The event log notifies it once for any number of
/// events. So the work of the event log does not depend on the number of subscriptions. After the first
/// match it gathers for a moment, then queues the connections. After a restart it gets the subscriptions from the open connections.
/// </summary>
internal sealed class SubscriptionsActor(EventRing ring, EventSignal signal, LiveConnections connections, LiveOptions options)
    : TreeActor, IWithTimers
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
    public sealed record Subscribe(Subscription Subscription) : IRefusable
    {
        public void Refuse(string reason, IActorRef? sender) => Subscription.Connection.Refuse();
    }

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
                Remove(unsubscribe.Subscription);
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
        _registered.Add(subscription, subscription.Topics);
        if (FirstMatch(subscription, since) is { } seq)
        {
            _found.Add(subscription);
            NotifyFound(seq, seq);
            Gather();
        }

        subscription.SetProgress(_checked);
        CheckNewEvents();
    }

    private void Remove(Subscription subscription) => _registered.Remove(subscription, subscription.Topics);

    // Without subscriptions no events were checked. The first subscription has read all events up to this number itself.
    private void SkipTo(long since)
    {
        if (_registered.Count == 0)
        {
            _checked.Seq = Math.Max(_checked.Seq, since);
        }
    }

    /// <summary>The first event that matches a new subscription, among the events after its own read that this actor has checked already.</summary>
    private long? FirstMatch(Subscription newcomer, long since)
    {
        var seen = since;
        foreach (var entry in ring.After(since))
        {
            if (entry.Seq > _checked.Seq || newcomer.Topics.Matches(entry.Topic))
            {
                return entry.Seq <= _checked.Seq ? entry.Seq : null;
            }

            seen = entry.Seq;
        }

        // The ring may have overwritten a match.
        return seen < _checked.Seq && !ring.Covers(seen) ? seen + 1 : null;
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
        var seen = _checked.Seq;
        foreach (var entry in ring.After(seen))
        {
            _registered.Find(entry.Topic, _found);
            NotifyFound(entry.Seq, entry.Seq);
            seen = entry.Seq;
        }

        if (seen < head)
        {
            // The ring has overwritten the next events: any subscription may have missed a match.
            _found.AddRange(_registered.All);
            NotifyFound(seen + 1, head);
        }

        // Set after the notifications: a subscription that is not notified now has no match up to here.
        _checked.Seq = Math.Max(seen, head);
        Gather();
    }

    /// <summary>Notifies the found subscriptions and clears the list.</summary>
    private void NotifyFound(long first, long last)
    {
        foreach (var subscription in _found)
        {
            if (subscription.TryNotify(first, last))
            {
                _notified.Add(subscription);
                if (subscription.IsOneShot)
                {
                    Remove(subscription);
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
