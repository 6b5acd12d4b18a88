namespace AllInOne.Actors;

/// <summary>When one child fails, all of them are restarted or stopped.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    private readonly int _maxRestarts;
    private readonly int _windowMilliseconds;

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Actors.Decider.From(localOnlyDecider))
    {
    }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
    {
        _maxRestarts = maxNrOfRetries ?? -1;
        _windowMilliseconds = withinTimeRange is { } range ? (int)range.TotalMilliseconds : -1;
        Decider = decider;
    }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, OneForOneStrategy.WindowOf(withinTimeMilliseconds), localOnlyDecider) => LoggingEnabled = loggingEnabled;

    /// <summary>Without a limit.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    public override IDecider Decider { get; }

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        // A limit that one child exceeds counts for all of them.
        if (restart && children.All(one => one.RequestRestartPermission(_maxRestarts, _windowMilliseconds)))
        {
            foreach (var one in children)
            {
                RestartChild(one.Child, cause, suspendFirst: !child.Equals(one.Child));
            }

            return;
        }

        foreach (var one in children)
        {
            context.Stop(one.Child);
        }
    }

    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children)
    {
    }
}
