namespace AllInOne.Actors;

/// <summary>
/// A reference without an actor that turns what it is told into a callback: the far end of an Ask or of a graceful stop.
/// Nothing holds it but those it was given to, so a forgotten one is simply collected.
/// </summary>
internal sealed class PromiseRef(ActorSystem system, Func<object, bool> onMessage, Func<IActorRef, bool>? onTerminated = null)
    : InternalActorRef
{
    private readonly string _name = system.NextTemporaryName();
    private List<IActorRef>? _watchers;
    private bool _done;

    public ActorSystem System => system;

    public override ActorPath Path => system.TemporaryPath / _name;

    public override bool IsTerminated => Volatile.Read(ref _done);

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Worker.IsOnLostThread)
        {
            return;
        }

        if (IsTerminated || !onMessage(message))
        {
            system.DeadLetterRef.Publish(message, sender, this);
            return;
        }

        Complete();
    }

    public override void Stop() => Complete();

    internal override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case WatchMessage watch when !AddWatcher(watch.Watcher):
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this));
                break;
            case DeathWatchNotification notification when onTerminated?.Invoke(notification.Actor) == true:
                Complete();
                break;
            default:
                break;
        }
    }

    internal void Complete()
    {
        List<IActorRef>? watchers;
        lock (this)
        {
            if (_done)
            {
                return;
            }

            _done = true;
            watchers = _watchers;
            _watchers = null;
        }

        foreach (var watcher in watchers ?? [])
        {
            ((InternalActorRef)watcher).SendSystemMessage(new DeathWatchNotification(this));
        }
    }

    private bool AddWatcher(InternalActorRef watcher)
    {
        lock (this)
        {
            if (_done)
            {
                return false;
            }

            (_watchers ??= []).Add(watcher);
            return true;
        }
    }
}
