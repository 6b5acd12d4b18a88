using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// Takes an actor from a thread that is stuck in its code. A new cell, the successor, gets the reference, the queue, the children and the
/// watchers, and ends or restarts without the stuck instance and without its hooks. The old cell stays inert: what the stuck code
/// still sends, starts, watches or schedules has no effect.
/// </summary>
internal static class Abandonment
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int SuspendMask = ~3;

    /// <summary>The actor was told to stop or to restart: the message waits in its system queue, or its hooks run.</summary>
    public static bool IsEndAsked(Mailbox mailbox)
    {
        return mailbox.MessageQueue is FairMessageQueue { Details: { } details }
            && (details.End is not null || details.IsEndAsked || AkkaInternals.Cell(mailbox) is { ChildrenContainer.IsTerminating: true });
    }

    public static bool HasChildren(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.ChildrenContainer is not (null or EmptyChildrenContainer);

    /// <summary>A supervisor's own code decides about a failure.</summary>
    public static bool IsInDecision(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.CurrentMessage is Failed;

    public static object? ChildrenOf(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.ChildrenContainer;

    /// <summary>By the monitor. False if the thread has come out of the code meanwhile, or a restart is asked for at this very moment.</summary>
    /// <param name="worker">The worker whose thread is stuck.</param>
    /// <param name="seenAt">Its progress when it was seen stuck.</param>
    /// <param name="busyTicks">How long it was, to be added to the account.</param>
    public static bool TryTake(Worker worker, long seenAt, long busyTicks)
    {
        if (worker.Item is not Mailbox { MessageQueue: FairMessageQueue queue } mailbox
            || AkkaInternals.Cell(mailbox) is not { Self: ActorRefWithCell, Dispatcher: FairDispatcher dispatcher } stuck
            || stuck.GetType() != typeof(ActorCell))
        {
            // A router's cell has a type of its own, and no code of the application.
            return false;
        }

        // The thread that asks for a restart may have any priority, so the monitor does not wait for it.
        var details = queue.EnsureDetails();
        if (!Monitor.TryEnter(details))
        {
            return false;
        }

        try
        {
            SystemMessage? waiting = null;
            if (!worker.TryLose(seenAt, () => TryEmpty(mailbox, worker, seenAt, out waiting)))
            {
                return false;
            }

            var reason = new ActorAbandonedException(stuck.Self);
            var end = WithEnd(ref waiting, details.End, reason);
            details.OnAbandoned(new ActorFailure(DateTimeOffset.UtcNow, reason, worker.Message), end);
            queue.AddBusy(busyTicks);
            dispatcher.Continue(Replace(stuck, mailbox, waiting));
            return true;
        }
        finally
        {
            Monitor.Exit(details);
        }
    }

    /// <summary>By the actor's thread, at a message and at the end of a slice: where the stop or restart is done, sends what waits behind it.</summary>
    public static void OnEndDone(Worker worker, QueueDetails details)
    {
        if (details.End is { } end && worker.Item is Mailbox mailbox
            && AkkaInternals.Cell(mailbox) is { Dispatcher: FairDispatcher dispatcher } cell && !Waits(mailbox, end))
        {
            dispatcher.Release(cell, details, end);
        }
    }

    /// <summary>The cell that has the actor now. Exact under the lock of its details.</summary>
    public static ActorCell CurrentOf(ActorCell cell) => (cell.Self as ActorRefWithCell)?.Underlying as ActorCell ?? cell;

    /// <summary>
    /// By a sender, after it put a message into the mailbox of this cell: where the actor was taken from the cell meanwhile, its successor
    /// gets the message.
    /// </summary>
    public static void PassOn(ActorCell cell)
    {
        if (cell is not { Self: ActorRefWithCell { Underlying: ActorCell successor } self, Mailbox: { } mailbox } || ReferenceEquals(successor, cell)
            || successor is not { Dispatcher: FairDispatcher dispatcher, Mailbox: { } next })
        {
            return;
        }

        // The two cells share the queue of user messages: the successor only needs to look.
        AkkaInternals.RegisterForExecution(dispatcher, next, hasMessageHint: true, hasSystemMessageHint: false);
        var late = Interlocked.Exchange(ref AkkaInternals.SystemQueue(mailbox), new LeftBehind());
        while (late is not (null or LeftBehind))
        {
            var below = AkkaInternals.Next(late);
            AkkaInternals.Next(late) = null;
            self.SendSystemMessage(late);
            late = below;
        }
    }

    /// <summary>
    /// A thread that comes out now waits at its next call into the dispatcher or the queue. Before that it can only empty the system queue.
    /// So the first of the two to empty it has the actor.
    /// </summary>
    private static bool TryEmpty(Mailbox mailbox, Worker worker, long seenAt, out SystemMessage? waiting)
    {
        var mark = new LeftBehind();
        waiting = Volatile.Read(ref AkkaInternals.SystemQueue(mailbox));
        while (worker.Progress == seenAt && waiting is not (NoMessage or LeftBehind))
        {
            var seen = Interlocked.CompareExchange(ref AkkaInternals.SystemQueue(mailbox), mark, waiting);
            if (ReferenceEquals(seen, waiting))
            {
                return true;
            }

            if (seen is null)
            {
                // The thread has come out and taken them.
                return false;
            }

            waiting = seen;
        }

        return false;
    }

    /// <summary>Makes the successor with a mailbox of its own, and leaves the stuck cell without effect.</summary>
    private static Mailbox Replace(ActorCell stuck, Mailbox old, SystemMessage? waiting)
    {
        var suspended = SuspendedOf(old, stuck);
        Volatile.Write(ref AkkaInternals.Status(old), Closed);
        var mailbox = new Mailbox(old.MessageQueue);
        var successor = new ActorCell(stuck.SystemImpl, (IInternalActorRef)stuck.Self, stuck.Props, stuck.Dispatcher, stuck.Parent);
        mailbox.SetActor(successor);
        AkkaInternals.SwapMailbox(successor, mailbox);
        AkkaInternals.Children(successor) = Interlocked.Exchange(ref AkkaInternals.Children(stuck), TerminatedChildrenContainer.Instance);
        AkkaInternals.NextName(successor) = AkkaInternals.NextName(stuck);
        AkkaInternals.MoveState(stuck, successor);
        successor.UseThreadContext(() => AkkaInternals.SetInstance(successor, new StandIn()));
        Silence(stuck);

        AkkaInternals.SystemQueue(mailbox) = waiting;
        Volatile.Write(ref AkkaInternals.Status(mailbox), suspended | Scheduled);
        Point((ActorRefWithCell)stuck.Self, successor);
        return mailbox;
    }

    private static int SuspendedOf(Mailbox mailbox, ActorCell stuck)
    {
        var suspended = Volatile.Read(ref AkkaInternals.Status(mailbox)) & SuspendMask;

        // One unit is for a handler that awaits, or was about to: its end will not come.
        var isAwaiting = stuck.TaskScheduler.CurrentMessage is not null;
        return isAwaiting && suspended >= AkkaInternals.SuspendUnit ? suspended - AkkaInternals.SuspendUnit : suspended;
    }

    private static void Silence(ActorCell stuck)
    {
        AkkaInternals.Failed(stuck) = stuck.Self;
        AkkaInternals.SetProps(stuck, null);
        try
        {
            (AkkaInternals.Instance(stuck) as IWithTimers)?.Timers.CancelAll();
        }
        catch (InvalidOperationException)
        {
            // The stuck code changes its timers at this very moment. Their messages find no timer of that name in the new instance.
        }

        stuck.SetReceiveTimeout();
        AkkaInternals.CancelReceiveTimeout(stuck);
    }

    /// <summary>Makes sure that the stop or restart is among what waits: the thread may have it in hand already.</summary>
    private static SystemMessage WithEnd(ref SystemMessage? waiting, SystemMessage? end, ActorAbandonedException reason)
    {
        for (var each = waiting; each is not null; each = AkkaInternals.Next(each))
        {
            if (ReferenceEquals(each, end))
            {
                return each;
            }
        }

        SystemMessage again = end is Recreate ? new Recreate(reason) : new Terminate();
        AkkaInternals.Next(again) = waiting;
        waiting = again;
        return again;
    }

    /// <summary>The list may change meanwhile: then the message that is looked for is not in hand yet, or no longer there.</summary>
    private static bool Waits(Mailbox mailbox, SystemMessage message)
    {
        for (var each = Volatile.Read(ref AkkaInternals.SystemQueue(mailbox)); each is not null; each = AkkaInternals.Next(each))
        {
            if (ReferenceEquals(each, message))
            {
                return true;
            }
        }

        return false;
    }

    private static void Point(ActorRefWithCell self, ActorCell successor)
    {
        if (self is LocalActorRef local)
        {
            AkkaInternals.Cell(local) = successor;
        }
        else if (self is RepointableActorRef repointable)
        {
            AkkaInternals.Lookup(repointable) = successor;
            repointable.SwapUnderlying(successor);
        }
    }

    /// <summary>The end of the system queue of a mailbox that was left: what is put above it came too late. Never shared by two queues.</summary>
    private sealed class LeftBehind : SystemMessage;

    /// <summary>In the place of the stuck instance, until the actor has ended or has a new one: it has no hooks.</summary>
    private sealed class StandIn : ActorBase
    {
        protected override bool Receive(object message) => true;
    }
}
