#pragma warning disable CA1822 // As in ActorBase.
namespace AllInOne.Actors;

/// <summary>An actor that sorts its messages itself; what it does not want it passes to <c>Unhandled</c>.</summary>
public abstract class UntypedActor : ActorBase
{
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the current behaviour.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(Wrap(receive));

    /// <summary>Puts a behaviour on top of the current one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(Wrap(receive));

    /// <summary>Runs a task with the mailbox waiting for its end.</summary>
    protected void RunTask(Func<Task> action) => Cell.RunTask(action);

    private static Receive Wrap(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return message =>
        {
            receive(message);
            return true;
        };
    }
}

/// <summary>A behaviour that handles all it is given.</summary>
public delegate void UntypedReceive(object message);
