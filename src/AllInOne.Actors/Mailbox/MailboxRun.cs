using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// Runs the actor of a mailbox for one slice, on the thread of one worker: first its system messages, then its messages. It does what Akka.NET's
/// <see cref="Mailbox.Run"/> does, with two differences. The slice also ends after about a millisecond, or when the thread loses its seat. And system
/// messages stay in fields, not in a local variable: if the actor is abandoned in one of them, its successor gets the others.
/// </summary>
internal sealed class MailboxRun(Worker worker)
{
    private volatile SystemMessage? _pending;
    private volatile SystemMessage? _inHand;

    /// <summary>The system message whose code runs now; null in a user message.</summary>
    public SystemMessage? InHand => _inHand;

    /// <summary>
    /// The system messages that were taken from the mailbox and come after <see cref="InHand"/>: a list with the earliest one first.
    /// </summary>
    public SystemMessage? Pending => _pending;

    /// <summary>Runs the actor, and queues it again if it has more messages. It returns early if the monitor takes the actor.</summary>
    public void Run(Mailbox mailbox, FairMessageQueue queue)
    {
        var cell = AkkaInternals.Cell(mailbox)!;
        var outer = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = cell;
        try
        {
            if (HandleSystemMessages(mailbox, queue, cell))
            {
                HandleMessages(mailbox, queue, cell);
            }
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = outer;
        }

        if (!worker.IsLost && worker.TryEndSlice(queue))
        {
            var hasInherited = queue.Details is { HasInherited: true };
            AkkaInternals.SetIdle(mailbox);
            ((FairDispatcher)cell.Dispatcher).Requeue(mailbox, hasInherited);
        }
    }

    /// <summary>Returns the current system message and the messages behind it. Called by the monitor after it has taken the actor.</summary>
    public (SystemMessage? InHand, SystemMessage? Pending) Surrender()
    {
        var left = (_inHand, _pending);
        (_inHand, _pending) = (null, null);
        return left;
    }

    private void HandleMessages(Mailbox mailbox, FairMessageQueue queue, ActorCell cell)
    {
        while (AkkaInternals.MayHandleMessages(mailbox) && queue.TryTakeFor(worker, out var envelope))
        {
            worker.Enter();
            cell.Invoke(envelope);
            worker.EndMessage();
            if (!worker.Leave() || worker.Seat is null || (SystemMessages.WaitIn(mailbox) && !HandleSystemMessages(mailbox, queue, cell)))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Handles all system messages. False if the slice is over. Either the actor has terminated, or the monitor has taken it, or the slice has taken
    /// its time, or this thread has lost its seat. Without a seat the thread may have the lowest priority, so another thread continues.
    /// </summary>
    private bool HandleSystemMessages(Mailbox mailbox, FairMessageQueue queue, ActorCell cell)
    {
        _pending = queue.Details?.TakeInherited();
        while (!AkkaInternals.IsClosed(mailbox))
        {
            if ((_pending ??= SystemMessages.TakeAll(mailbox)) is not { } message)
            {
                return true;
            }

            _pending = SystemMessages.Cut(message);
            if (message is Recreate)
            {
                // Akka.NET sets this field when an actor fails, and clears it before it makes the new instance. A restart without a failure does
                // not set it. It is set here too, so that IsEndAsked can tell a hook of the old instance from the start of the new one.
                AkkaInternals.Failed(cell) ??= cell.Self;
                queue.EnsureDetails().BeginRestart();
            }

            _inHand = message;
            worker.Enter();
            AkkaInternals.SystemInvoke(cell, message);
            if (!worker.Leave())
            {
                return false;
            }

            _inHand = null;
            if (queue.Details is { IsRestarting: true } details && cell.ChildrenContainer.IsNormal)
            {
                details.EndRestart();
            }

            if (!worker.MayContinue() && !AkkaInternals.IsClosed(mailbox))
            {
                if (_pending is { } rest)
                {
                    _pending = null;
                    queue.EnsureDetails().Inherit(rest);
                }

                return false;
            }
        }

        for (var late = _pending; late is not null;)
        {
            var next = SystemMessages.Cut(late);
            cell.System.DeadLetters.Tell(new DeadLetter(late, cell.Self, cell.Self), cell.Self);
            late = next;
        }

        _pending = null;
        return false;
    }
}
