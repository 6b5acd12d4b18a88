using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// Hands the mailboxes that have work to the system's <see cref="WorkScheduler"/>. Every message and every system message passes here, so
/// here restarts and failures are counted, and what the code of an abandoned actor still sends is dropped.
/// </summary>
public sealed class FairDispatcher : MessageDispatcher
{
    /// <summary>A system message that must not wait behind a crowd is on its way.</summary>
    [ThreadStatic]
    private static bool _isUrgent;

    private readonly WorkScheduler _scheduler;
    private readonly bool _urgent;

    internal FairDispatcher(
        MessageDispatcherConfigurator configurator, WorkScheduler scheduler, string id, bool urgent, TimeSpan shutdownTimeout)
        : base(configurator)
    {
        (_scheduler, _urgent, Id, ShutdownTimeout) = (scheduler, urgent, id, shutdownTimeout);

        // FairMessageQueue ends a slice.
        Throughput = int.MaxValue;
    }

    internal bool IsUrgent => _urgent;

    /// <inheritdoc/>
    public override void Dispatch(ActorCell cell, Envelope envelope)
    {
        if (!Worker.IsOnLostThread)
        {
            base.Dispatch(cell, envelope);
        }
    }

    /// <inheritdoc/>
    public override void SystemDispatch(ActorCell cell, SystemMessage message)
    {
        if (Worker.IsOnLostThread)
        {
            return;
        }

        Note(cell, message);
        var outer = _isUrgent;
        _isUrgent = message is Failed or Terminate or Recreate or DeathWatchNotification or Resume or Suspend;
        try
        {
            base.SystemDispatch(cell, message);
        }
        finally
        {
            _isUrgent = outer;
        }
    }

    /// <inheritdoc/>
    public override void Attach(ActorCell cell)
    {
        if (!Worker.IsOnLostThread)
        {
            ChildTable.Install(cell);
            base.Attach(cell);
        }
    }

    /// <inheritdoc/>
    public override void Detach(ActorCell cell)
    {
        if (!Worker.IsOnLostThread)
        {
            base.Detach(cell);
        }
    }

    internal static FairMessageQueue? QueueOf(ActorCell cell) => cell.Mailbox?.MessageQueue as FairMessageQueue;

    /// <summary>For <see cref="Abandonment"/>: runs the mailbox of the cell that took over.</summary>
    internal void Continue(Mailbox mailbox) => _scheduler.Schedule(mailbox, urgent: true);

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run)
    {
        if (!Worker.IsOnLostThread)
        {
            _scheduler.Schedule(run, _isUrgent || _urgent);
        }
    }

    /// <summary>Nothing to release: the threads belong to the system, and end with it.</summary>
    protected override void Shutdown()
    {
    }

    private static void Note(ActorCell cell, SystemMessage message)
    {
        switch (message)
        {
            case Failed failed when Worker.Current is { Queue: { } queue } worker && ReferenceEquals(queue.Owner, failed.Child):
                worker.Failure = failed.Cause;
                queue.EnsureDetails().LastFailure = new ActorFailure(DateTimeOffset.UtcNow, failed.Cause, worker.Message);
                break;
            case Recreate:
                QueueOf(cell)?.EnsureDetails().OnRestartAsked();
                break;
            case Terminate:
                QueueOf(cell)?.Details?.OnStopAsked();
                break;
        }
    }
}
