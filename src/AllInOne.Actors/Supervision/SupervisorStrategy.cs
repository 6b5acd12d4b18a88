namespace AllInOne.Actors;

/// <summary>What a supervisor does about a failed child.</summary>
public enum Directive
{
    /// <summary>Go on with the same instance; the message in hand is gone.</summary>
    Resume,

    /// <summary>A new instance; the mailbox stays.</summary>
    Restart,

    /// <summary>The supervisor fails in turn, with the same cause.</summary>
    Escalate,

    /// <summary>The child ends.</summary>
    Stop,
}

/// <summary>Maps a failure to a directive.</summary>
public interface IDecider
{
    Directive Decide(Exception cause);
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    public static IDecider From(Func<Exception, Directive> localOnlyDecider) => new FunctionDecider(localOnlyDecider);

    /// <summary>By exception type, the first that fits; <paramref name="defaultDirective"/> for all others.</summary>
    public static IDecider From(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs) =>
        new FunctionDecider(cause =>
        {
            foreach (var (type, directive) in pairs)
            {
                if (type.IsInstanceOfType(cause))
                {
                    return directive;
                }
            }

            return defaultDirective;
        });

    private sealed class FunctionDecider(Func<Exception, Directive> decide) : IDecider
    {
        public Directive Decide(Exception cause) => decide(cause);
    }
}

/// <summary>How a supervisor deals with failing children.</summary>
#pragma warning disable CA1822 // Members stay on the instance, as Akka.NET has them.
public abstract class SupervisorStrategy
{
    /// <summary>Stops children that failed to start, were killed, or broke a death pact; restarts all others.</summary>
    public static readonly IDecider DefaultDecider = Actors.Decider.From(cause =>
        cause is ActorInitializationException or ActorKilledException or DeathPactException ? Directive.Stop : Directive.Restart);

    /// <summary>One for one by the default decider, any number of times.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Every failure stops the child.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    /// <summary>Maps failures to directives.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are published as log events.</summary>
    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>The directive for one failure.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Carries out a stop (<paramref name="restart"/> false) or a restart.</summary>
    public abstract void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    /// <summary>A child is gone.</summary>
    public abstract void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children);

    /// <summary>Restarts a suspended child.</summary>
    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var actor = (IInternalActorRef)child;
        if (suspendFirst)
        {
            actor.Suspend();
        }

        actor.Restart(cause);
    }

    /// <summary>Lets a suspended child go on.</summary>
    protected void ResumeChild(IActorRef child, Exception exception) => ((IInternalActorRef)child).Resume(exception);

    /// <summary>Publishes the failure and what was decided.</summary>
    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled)
        {
            return;
        }

        var source = child.Path.ToString();
        var reason = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        LogEvent? logEvent = directive switch
        {
            Directive.Resume => new Warning(source, GetType(), reason, cause),
            Directive.Escalate => null,
            _ => new Error(cause, source, GetType(), reason),
        };
        if (logEvent is not null)
        {
            context.System.EventStream.Publish(logEvent);
        }
    }

    /// <summary>Deals with one failure; false when it escalates.</summary>
    internal bool HandleFailure(
        ActorCell supervisor, ActorCell child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        var directive = Handle(child, cause);
        LogFailure(supervisor, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                ResumeChild(child, cause);
                return true;
            case Directive.Restart:
                ProcessFailure(supervisor, true, child, cause, stats, children);
                return true;
            case Directive.Stop:
                ProcessFailure(supervisor, false, child, cause, stats, children);
                return true;
            default:
                return false;
        }
    }
}
