// CA1822: members stay on the instance, as Akka.NET has them, so that no static code comes to depend on the ambient context.
#pragma warning disable CA1822
namespace AllInOne.Actors;

/// <summary>A behaviour: takes a message, answers whether it handled it.</summary>
public delegate bool Receive(object message);

/// <summary>
/// The base of all actors. An instance is made and run only by the runtime; a failure replaces it by a new one, so its
/// fields never outlive a crash.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    protected ActorBase() =>
        _cell = ActorCell.Current is { HasInstance: false } cell
            ? cell
            : throw new ActorInitializationException(
                null, $"{GetType()} is an actor: it is started by ActorOf(Props.Create(...)), not by new.");

    internal ActorCell Cell => _cell;

    /// <summary>The context of the actor that runs on this thread.</summary>
    /// <exception cref="NotSupportedException">Called from outside an actor, such as from a task it started.</exception>
    protected static IActorContext Context => ActorCell.Current
        ?? throw new NotSupportedException("There is no actor context here: it is valid inside message handling only, not in a task on the side.");

    /// <summary>This actor's reference; safe to hand to other threads.</summary>
    protected IActorRef Self => _cell;

    /// <summary>Who sent the message in hand.</summary>
    protected IActorRef Sender => Context.Sender;

    /// <summary>Handles a message; false makes it <see cref="Unhandled"/>.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Runs before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Runs after the last message, also when PreStart failed half way.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Runs in the failed instance before it is replaced. The default stops the children and calls <see cref="PostStop"/>.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The message in hand, which is not handled again; null when there is none.</param>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs in the new instance. The default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How this actor deals with failing children.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.DefaultStrategy;

    /// <summary>Publishes the message as unhandled; an unhandled <see cref="Terminated"/> is a failure.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        _cell.System.EventStream.Publish(new UnhandledMessage(message, Context.Sender, Self));
    }

    /// <summary>Replaces the current behaviour.</summary>
    protected void Become(Receive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the current one.</summary>
    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    /// <summary>Goes back to the behaviour below.</summary>
    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    /// <summary>Asks for a <see cref="ReceiveTimeout"/> after so long without a message; null ends it.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);

    internal bool InvokeReceive(object message) => Receive(message);

    internal void InvokeUnhandled(object message) => Unhandled(message);

    internal void InvokePreStart() => PreStart();

    internal void InvokePostStop()
    {
        try
        {
            PostStop();
        }
        finally
        {
            // What is still stashed goes the way of the mailbox: to the dead letters.
            Unstash();
        }
    }

    internal void InvokePreRestart(Exception reason, object? message)
    {
        try
        {
            PreRestart(reason, message);
        }
        finally
        {
            Unstash();
        }
    }

    internal void InvokePostRestart(Exception reason) => PostRestart(reason);

    internal SupervisorStrategy InvokeSupervisorStrategy(Props props) => props.SupervisorStrategy ?? SupervisorStrategy();

    private void Unstash()
    {
        // An instance that was abandoned in its hook has no mailbox any more.
        if (ActorCell.Current == _cell)
        {
            (this as IWithStash)?.Stash.UnstashAll();
        }
    }
}
