using Akka.Actor;
using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>
/// <c>/user/live/subscriptions</c>: the subscriptions that stand, of long polls that wait, streams and sockets. The log tells it that there
/// is more, coalesced, and it finds out whom that concerns, so that the log's turn costs the same however many there are. After the first
/// match it gathers for a moment, then has their connections queued. On a restart the subscriptions are found again by their connections.
/// </summary>
internal sealed class SubscriptionsActor(EventRing ring, EventSignal signal, LiveConnections connections, LiveOptions options)
    : UntypedActor, IWithTimers
{
    private readonly TopicIndex<Subscription> _standing = new();
    private readonly List<Subscription> _raised = [];
    private readonly List<Subscription> _found = [];
    private readonly Examination _examined = new(ring.Head);

    /// <summary>There are new events.</summary>
    public sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    /// <summary>Raise this one whenever something comes for it.</summary>
    public sealed record Subscribe(Subscription Subscription);

    /// <summary>This one has ended.</summary>
    public sealed record Unsubscribe(Subscription Subscription);

    private sealed record Beat
    {
        public static Beat Instance { get; } = new();
    }

    private sealed record Wake
    {
        public static Wake Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                Examine();
                break;
            case Subscribe subscribe:
                Add(subscribe.Subscription);
                break;
            case Unsubscribe unsubscribe:
                _standing.Remove(unsubscribe.Subscription);
                break;
            case Beat:
                connections.Beat();
                break;
            case Wake:
                WakeRaised();
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
            if (!subscription.IsRaised || !subscription.IsForOnce)
            {
                Add(subscription);
            }

            if (subscription.IsRaised)
            {
                // Perhaps the one before did not come to telling its connection.
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

        var since = subscription.Examined;
        LookFrom(since);
        _standing.Add(subscription);
        if (IsConcerned(subscription, since) is { } seq)
        {
            _found.Add(subscription);
            Offer(seq);
            Gather();
        }

        subscription.Know(_examined);
        Examine();
    }

    // While there was nobody, nobody was looked for; the first to come has looked for itself so far.
    private void LookFrom(long since)
    {
        if (_standing.Count == 0)
        {
            _examined.Seq = Math.Max(_examined.Seq, since);
        }
    }

    /// <summary>What came for a newcomer between its own look and ours: the number of the first such event.</summary>
    private long? IsConcerned(Listener newcomer, long since)
    {
        for (var seq = Math.Max(since + 1, ring.First); seq <= _examined.Seq; seq++)
        {
            if (ring.Find(seq) is not { } found || newcomer.Topics.Matches(found.Topic))
            {
                return seq;
            }
        }

        return null;
    }

    private void Examine()
    {
        if (_standing.Count == 0)
        {
            // Left raised: while nobody waits there is nothing to be told.
            return;
        }

        signal.Lower();
        var head = ring.Head;
        for (var seq = Math.Max(_examined.Seq + 1, ring.First); seq <= head; seq++)
        {
            if (ring.Find(seq) is { } found)
            {
                _standing.Find(found.Topic, _found);
                Offer(seq);
            }
            else
            {
                // The ring has come round: nobody can tell what was missed.
                _found.AddRange(_standing.All);
                Offer(seq);
            }
        }

        // After the offers: who is not raised by then may take it that nothing was for it.
        _examined.Seq = head;
        Gather();
    }

    /// <summary>Raises those who were found, and forgets them.</summary>
    private void Offer(long seq)
    {
        foreach (var subscription in _found)
        {
            if (subscription.Offer(seq))
            {
                _raised.Add(subscription);
                if (subscription.IsForOnce)
                {
                    _standing.Remove(subscription);
                }
            }
        }

        _found.Clear();
    }

    private void Gather()
    {
        if (_raised.Count == 0)
        {
            return;
        }

        if (options.GatherTime <= TimeSpan.Zero)
        {
            WakeRaised();
        }
        else if (!Timers.IsTimerActive(Wake.Instance))
        {
            Timers.StartSingleTimer(Wake.Instance, Wake.Instance, options.GatherTime);
        }
    }

    private void WakeRaised()
    {
        foreach (var subscription in _raised)
        {
            subscription.Connection.Ready(subscription);
        }

        _raised.Clear();
    }
}
