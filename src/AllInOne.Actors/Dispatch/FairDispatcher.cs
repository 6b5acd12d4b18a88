using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// Passes each mailbox that has work to the system's <see cref="WorkScheduler"/>. Every message and every system message comes through this
/// class. So it records failures, and drops the messages that the code of an abandoned actor still sends.
/// </summary>
public sealed class FairDispatcher : MessageDispatcher
{
    /// <summary>Whether this thread now sends a system message that must not wait behind many other actors.</summary>
    [ThreadStatic]
    private static bool _isUrgent;

    private readonly WorkScheduler _scheduler;
    private readonly bool _urgent;

    internal FairDispatcher(
        MessageDispatcherConfigurator configurator, WorkScheduler scheduler, string id, bool urgent, TimeSpan shutdownTimeout)
        : base(configurator)
    {
        (_scheduler, _urgent, Id, ShutdownTimeout) = (scheduler, urgent, id, shutdownTimeout);

        // For other mailbox types, which Akka.NET runs. MailboxRun has its own limits.
        Throughput = WorkScheduler.SliceMessages;
        AkkaInternals.Inhabitants(this) = long.MaxValue / 2;
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
        // A top-level actor that the code has just made has its name already. Without this message it would keep the name and never start.
        if ((Worker.IsOnLostThread && message is not Supervise { Async: true }) || Abandonment.IsOfAbandoned(cell, message))
        {
            return;
        }

        if (message is Failed failed && Worker.Current is { Queue: { } failing } worker && ReferenceEquals(failing.Owner, failed.Child))
        {
            worker.Failure = failed.Cause;
            failing.EnsureDetails().LastFailure = new ActorFailure(DateTimeOffset.UtcNow, failed.Cause, worker.Message);
        }
        else if (message is Recreate or Terminate)
        {
            // Cancel only when the message is in the mailbox: code that asks for a new token at this moment must see the message there. If the actor
            // has already restarted because of the message, the token belongs to the new instance and stays.
            var incarnation = QueueOf(cell)?.Details?.Incarnation ?? 0;
            Send(cell, message);
            QueueOf(cell)?.Details?.CancelStoppingToken(incarnation);
            return;
        }

        Send(cell, message);
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
        // The hooks of the actor have returned. From here on the monitor cannot take the actor, even if the thread is slow.
        if (Worker.Current?.Leave() != false)
        {
            base.Detach(cell);
        }
    }

    internal static FairMessageQueue? QueueOf(ActorCell cell) => cell.Mailbox?.MessageQueue as FairMessageQueue;

    /// <summary>Runs the mailbox of a successor.</summary>
    internal void Continue(Mailbox mailbox) => _scheduler.Schedule(mailbox, urgent: true, Worker.Current);

    /// <summary>Called at the end of a slice: queues the actor again if it has messages.</summary>
    internal void Requeue(Mailbox mailbox, bool hasInherited)
    {
        if (hasInherited || SystemMessages.WaitIn(mailbox))
        {
            _isUrgent = true;
            AkkaInternals.RegisterForExecution(this, mailbox, hasMessageHint: false, hasSystemMessageHint: true);
            _isUrgent = false;
        }
        else
        {
            AkkaInternals.RegisterForExecution(this, mailbox, hasMessageHint: false, hasSystemMessageHint: false);
        }
    }

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run)
    {
        // This is done even if the actor of this thread was taken at this moment: the mailbox is marked as scheduled, so it must reach a queue.
        _scheduler.Schedule(run, _urgent || _isUrgent, Worker.Current);
    }

    /// <summary>Nothing to release: the threads belong to the system, and exit with it.</summary>
    protected override void Shutdown()
    {
    }

    private void Send(ActorCell cell, SystemMessage message)
    {
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
}
