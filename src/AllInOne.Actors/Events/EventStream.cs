using System.Collections.Concurrent;

namespace AllInOne.Actors;

/// <summary>
/// Publish and subscribe inside one system, by type: a subscriber to a class or interface gets what derives from it.
/// A subscriber that has stopped is dropped at the next publication, or at the next subscription of anyone.
/// </summary>
public sealed class EventStream
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Type, IActorRef[]> _receivers = new();
    private List<(Type Channel, IActorRef Subscriber)> _subscriptions = [];

    /// <summary>Starts telling <paramref name="subscriber"/> what is published of <paramref name="channel"/>.</summary>
    /// <returns>False when it was subscribed to exactly that already.</returns>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        Worker.ThrowIfLost();
        lock (_gate)
        {
            if (_subscriptions.Contains((channel, subscriber)))
            {
                return false;
            }

            _subscriptions = [.. _subscriptions.Where(subscription => !IsGone(subscription.Subscriber)), (channel, subscriber)];
            _receivers.Clear();
            return true;
        }
    }

    /// <summary>Ends one subscription.</summary>
    /// <returns>False when there was none.</returns>
    public bool Unsubscribe(IActorRef subscriber, Type channel) =>
        Remove(subscription => subscription.Channel == channel && subscription.Subscriber.Equals(subscriber));

    /// <summary>Ends all subscriptions of <paramref name="subscriber"/>.</summary>
    public bool Unsubscribe(IActorRef subscriber) => Remove(subscription => subscription.Subscriber.Equals(subscriber));

    /// <summary>Tells all subscribers of the event's type; never blocks, never fails for want of one.</summary>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var type = @event.GetType();
        if (!_receivers.TryGetValue(type, out var receivers))
        {
            lock (_gate)
            {
                receivers = _receivers[type] = _subscriptions.Where(subscription => subscription.Channel.IsAssignableFrom(type))
                    .Select(subscription => subscription.Subscriber).Distinct().ToArray();
            }
        }

        foreach (var receiver in receivers)
        {
            if (IsGone(receiver))
            {
                Unsubscribe(receiver);
                continue;
            }

            receiver.Tell(@event, ActorRefs.NoSender);
        }
    }

    private static bool IsGone(IActorRef subscriber) => subscriber is IInternalActorRef { IsTerminated: true };

    private bool Remove(Predicate<(Type Channel, IActorRef Subscriber)> match)
    {
        Worker.ThrowIfLost();
        lock (_gate)
        {
            var left = _subscriptions.Where(subscription => !match(subscription)).ToList();
            var removed = left.Count < _subscriptions.Count;
            _subscriptions = left;
            _receivers.Clear();
            return removed;
        }
    }
}
