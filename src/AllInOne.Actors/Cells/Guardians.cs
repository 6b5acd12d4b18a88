namespace AllInOne.Actors;

/// <summary>The top of the tree. A failure that reaches it ends the system; it goes when <c>/user</c> has gone.</summary>
internal sealed class RootGuardian : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        Cell.System.RecordFatal(cause);
        return Directive.Stop;
    });

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Guard guard:
                Context.Watch(guard.Child);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Tells which child's end is the end of the system.</summary>
    public sealed record Guard(IActorRef Child);
}

/// <summary><c>/user</c>: the parent of what an application starts.</summary>
internal sealed class UserGuardian : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);
}
