namespace AllInOne.Actors;

/// <summary>Typed forms of the event stream's subscriptions.</summary>
public static class EventStreamExtensions
{
    public static bool Subscribe<T>(this EventStream eventBus, IActorRef subscriber) => eventBus.Subscribe(subscriber, typeof(T));

    public static bool Unsubscribe<T>(this EventStream eventBus, IActorRef subscriber) => eventBus.Unsubscribe(subscriber, typeof(T));
}
