using Akka.Actor;
using Akka.Actor.Internal;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Entities;

/// <summary>
/// The supervision strategy of entities: it restarts a failed entity with its mailbox, after a delay that grows with each restart in the window. It never gives up and
/// never escalates, because the failure of one entity must not restart all others.
/// </summary>
internal sealed class EntityStrategy(SupervisionOptions options) : OneForOneStrategy(null, null, _ => Directive.Restart)
{
    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        // Only to count the restarts: the limit is so high that the restart is always allowed.
        _ = stats.RequestRestartPermission(int.MaxValue, (int)options.Window.TotalMilliseconds);
        var delay = BackoffStrategy.DelayBefore((int)stats.MaxNrOfRetriesCount, options);
        if (delay == TimeSpan.Zero)
        {
            RestartChild(child, cause, suspendFirst: false);
        }
        else
        {
            context.System.Scheduler.Advanced.ScheduleOnce(delay, () => RestartChild(child, cause, suspendFirst: false));
        }
    }
}
