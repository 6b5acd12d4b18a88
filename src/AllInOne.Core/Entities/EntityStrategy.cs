using Akka.Actor;
using Akka.Actor.Internal;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Entities;

/// <summary>
/// Restarts a failed entity, its mailbox kept, after a delay that grows with each restart in the window. It never gives up and
/// never escalates: one entity's fault must not restart all the others.
/// </summary>
internal sealed class EntityStrategy(SupervisionOptions options) : OneForOneStrategy(null, null, _ => Directive.Restart)
{
    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        // Asked for the counting alone: with so high a limit it is always granted.
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
