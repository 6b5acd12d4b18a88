using Akka.Actor;
using Akka.Actor.Internal;

namespace AllInOne.Core.Supervision;

/// <summary>
/// Restarts a failed child with its mailbox, after a delay that grows with each restart in the window. During the delay the child is suspended.
/// Beyond the limit the failure escalates: it becomes the failure of the supervisor, which has its own limit. At the root it ends the process. A
/// failure during the start is restarted like all others, because a missing file or port may come back.
/// </summary>
public sealed class BackoffStrategy : OneForOneStrategy
{
    private readonly SupervisionOptions _options;
    private readonly Func<Exception, bool>? _isLogged;

    /// <param name="options">Limit, window and delays.</param>
    /// <param name="isLogged">The failures that the child has logged itself; null for none.</param>
    public BackoffStrategy(SupervisionOptions options, Func<Exception, bool>? isLogged = null)
        : base(options.MaxRestarts, options.Window, _ => Directive.Restart) => (_options, _isLogged) = (options, isLogged);

    /// <summary>The last failure that exceeded the limit; usually null. In the strategy of <c>/user</c> this failure has terminated the system.</summary>
    public RestartLimitException? LastEscalation { get; private set; }

    /// <inheritdoc/>
    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (!stats.RequestRestartPermission(_options.MaxRestarts, (int)_options.Window.TotalMilliseconds))
        {
            LastEscalation = new RestartLimitException(child.Path.ToStringWithoutAddress(), _options, cause);
            throw LastEscalation;
        }

        var delay = DelayBefore((int)stats.MaxNrOfRetriesCount, _options);
        if (delay == TimeSpan.Zero)
        {
            RestartChild(child, cause, suspendFirst: false);
            return;
        }

        context.System.Scheduler.Advanced.ScheduleOnce(delay, () => RestartChild(child, cause, suspendFirst: false));
    }

    /// <inheritdoc/>
    protected override void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (_isLogged?.Invoke(cause) != true)
        {
            base.LogFailure(context, child, cause, directive);
        }
    }

    /// <summary>The delay before the n-th restart in a window: none for the first, then the minimum, doubled each time up to the maximum.</summary>
    internal static TimeSpan DelayBefore(int restart, SupervisionOptions options)
    {
        if (restart <= 1)
        {
            return TimeSpan.Zero;
        }

        var doubled = options.MinBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(restart - 2, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, options.MaxBackoff.TotalMilliseconds));
    }
}

/// <summary>The failure of a supervisor whose child has failed more often than the limit allows.</summary>
public sealed class RestartLimitException(string path, SupervisionOptions options, Exception cause)
    : Exception($"{path} failed more than {options.MaxRestarts} times in {options.Window}, the last time with: {cause.Message}", cause)
{
    /// <summary>The path of the child.</summary>
    public string Path { get; } = path;
}
