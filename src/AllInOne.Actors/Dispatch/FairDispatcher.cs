using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// Passes each mailbox that has work to the system's <see cref="WorkScheduler"/>. Every message and every system message comes through this
/// class. So it counts restarts and failures, and drops the messages that the code of an abandoned actor still sends.
/// </summary>
public sealed class FairDispatcher : MessageDispatcher
{
    /// <summary>This thread sends a system message that must not wait behind many other actors.</summary>
    [ThreadStatic]
    private static bool _isUrgent;

    /// <summary>This thread holds the lock of an actor's <see cref="QueueDetails"/>.</summary>
    [ThreadStatic]
    private static bool _holdsLock;

    /// <summary>System messages to other actors that are sent while the lock is held.</summary>
    [ThreadStatic]
    private static Queue<(FairDispatcher Dispatcher, ActorCell Cell, SystemMessage Message)>? _postponed;

    private readonly WorkScheduler _scheduler;
    private readonly bool _urgent;

    internal FairDispatcher(
        MessageDispatcherConfigurator configurator, WorkScheduler scheduler, string id, bool urgent, TimeSpan shutdownTimeout)
        : base(configurator)
    {
        (_scheduler, _urgent, Id, ShutdownTimeout) = (scheduler, urgent, id, shutdownTimeout);

        // A FairMessageQueue usually ends its slice earlier. This limit is for other mailbox types.
        Throughput = WorkScheduler.SliceMessages;
    }

    internal bool IsUrgent => _urgent;

    /// <inheritdoc/>
    public override void Dispatch(ActorCell cell, Envelope envelope)
    {
        if (!Worker.IsOnLostThread)
        {
            base.Dispatch(cell, envelope);
            if (QueueOf(cell)?.Details is { WasAbandoned: true })
            {
                Abandonment.PassOn(cell);
            }
        }
    }

    /// <inheritdoc/>
    public override void SystemDispatch(ActorCell cell, SystemMessage message)
    {
        if (Worker.IsOnLostThread)
        {
            return;
        }

        if (_holdsLock)
        {
            (_postponed ??= []).Enqueue((this, cell, message));
            return;
        }

        if (message is Failed failed && Worker.Current is { Queue: { } failing } worker && ReferenceEquals(failing.Owner, failed.Child))
        {
            worker.Failure = failed.Cause;
            failing.EnsureDetails().LastFailure = new ActorFailure(DateTimeOffset.UtcNow, failed.Cause, worker.Message);
        }

        if (QueueOf(cell) is not { } queue)
        {
            Send(cell, message);
        }
        else if (message is Recreate or Terminate || queue.Details is not null)
        {
            SendLocked(cell, queue.EnsureDetails(), message);
        }
        else
        {
            Send(cell, message);
            if (queue.Details is { WasAbandoned: true })
            {
                Abandonment.PassOn(cell);
            }
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

    /// <summary>For <see cref="Abandonment"/>: runs the mailbox of the successor.</summary>
    internal void Continue(Mailbox mailbox) => _scheduler.Schedule(mailbox, urgent: true);

    /// <summary>Called by the actor's thread when the stop or restart <paramref name="end"/> is complete. Sends the messages that were held back behind it.</summary>
    internal void Release(ActorCell cell, QueueDetails details, SystemMessage end) => SendLocked(cell, details, message: null, end);

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run)
    {
        if (!Worker.IsOnLostThread)
        {
            _scheduler.Schedule(run, _isUrgent || _urgent);
        }
    }

    /// <summary>Nothing to release: the threads belong to the system, and exit with it.</summary>
    protected override void Shutdown()
    {
    }

    /// <summary>
    /// Counts and enqueues a message in one step. An abandonment between the count and the enqueue would restart the actor twice. Akka.NET answers
    /// some messages to a terminated actor at once. Such an answer waits until the lock is free, so that no thread holds the locks of two actors.
    /// </summary>
    /// <param name="cell">The cell of the receiver. If the actor is abandoned meanwhile, its successor gets the message.</param>
    /// <param name="details">The details of the receiver.</param>
    /// <param name="message">The message; when null, the messages that were held back behind <paramref name="end"/>.</param>
    /// <param name="end">The stop or restart that is complete.</param>
    private void SendLocked(ActorCell cell, QueueDetails details, SystemMessage? message, SystemMessage? end = null)
    {
        _holdsLock = true;
        try
        {
            lock (details)
            {
                var current = details.WasAbandoned ? Abandonment.CurrentOf(cell) : cell;
                if (QueueOf(current) is null)
                {
                    // The actor has terminated. No message is held back any more, because no further slice could release it.
                    SendAll(current, details.ReleaseAll());
                    SendAll(current, message is null ? [] : [message]);
                }
                else if (message is null)
                {
                    SendAll(current, details.ReleaseBehind(end!));
                }
                else if (details.TryPass(message))
                {
                    Send(current, message);
                }
            }
        }
        finally
        {
            _holdsLock = false;
        }

        while (_postponed is { } postponed && postponed.TryDequeue(out var next))
        {
            next.Dispatcher.SystemDispatch(next.Cell, next.Message);
        }
    }

    private void SendAll(ActorCell cell, IEnumerable<SystemMessage> messages)
    {
        foreach (var message in messages)
        {
            Send(cell, message);
        }
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
