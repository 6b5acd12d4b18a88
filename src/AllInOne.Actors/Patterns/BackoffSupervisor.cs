namespace AllInOne.Actors;

/// <summary>
/// Supervises one child and brings it back after a growing delay; passes all other messages on to it, and those that come
/// while it is away to the dead letters. Past the limit it stops itself.
/// </summary>
public sealed class BackoffSupervisor : UntypedActor
{
    private readonly BackoffOptions _options;
    private IActorRef? _child;
    private int _restartCount;
    private bool _failed;

    /// <summary>Made by <see cref="Props(BackoffOptions)"/>.</summary>
    public BackoffSupervisor(BackoffOptions options) => _options = options;

    public static Props Props(BackoffOptions options) => Actors.Props.Create(() => new BackoffSupervisor(options));

    protected override void PreStart() => StartChild();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        var directive = _options.Decider.Decide(cause);
        _failed = directive == Directive.Restart;
        return directive == Directive.Restart ? Directive.Stop : directive;
    });

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                _child = null;
                ComeBack();
                break;
            case StartChildMessage:
                StartChild();
                break;
            case AutoReset reset when reset.RestartCount == _restartCount:
                _restartCount = 0;
                break;
            case AutoReset:
                break;
            case Reset:
                _restartCount = 0;
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child), Self);
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restartCount), Self);
                break;
            case var _ when _child is not null && Sender.Equals(_child):
                Context.Parent.Tell(message, Self);
                break;
            default:
                (_child ?? Context.System.DeadLetters).Forward(message);
                break;
        }
    }

    private void StartChild()
    {
        if (_child is not null)
        {
            return;
        }

        _failed = false;
        _child = Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
        if (_options.ResetAfter is { } quiet)
        {
            Context.System.Scheduler.ScheduleTellOnce(quiet, Self, new AutoReset(_restartCount), Self);
        }
    }

    private void ComeBack()
    {
        var stoppedByItself = _options.OnFailure && !_failed;
        if (stoppedByItself || (_options.MaxNrOfRetries >= 0 && _restartCount >= _options.MaxNrOfRetries))
        {
            Context.Stop(Self);
            return;
        }

        var delay = DelayOf(_restartCount, _options.MinBackoff, _options.MaxBackoff, _options.RandomFactor, Random.Shared.NextDouble());
        _restartCount++;
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, StartChildMessage.Instance, Self);
    }

    internal static TimeSpan DelayOf(int restarts, TimeSpan minimum, TimeSpan maximum, double randomFactor, double random)
    {
        var doubled = minimum.TotalMilliseconds * Math.Pow(2, Math.Min(restarts, 30));
        var capped = Math.Min(doubled, maximum.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(capped * (1 + (random * randomFactor)));
    }

    /// <summary>Asks for the child: <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();
    }

    /// <summary>The child; null while it is away.</summary>
    public sealed record CurrentChild(IActorRef? Ref);

    /// <summary>Lets the delay begin at the minimum again.</summary>
    public sealed class Reset
    {
        public static readonly Reset Instance = new();
    }

    /// <summary>Asks how often the child was brought back: <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();
    }

    /// <summary>How often since the last reset.</summary>
    public sealed record RestartCount(int Count);

    private sealed record AutoReset(int RestartCount);

    private sealed class StartChildMessage
    {
        public static readonly StartChildMessage Instance = new();
    }
}
