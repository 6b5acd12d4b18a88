using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// Takes an actor from a thread that is stuck in the actor's code. A new cell, the successor, gets the reference, the queue, the children and
/// the watchers. The successor stops or restarts the actor without the stuck instance and without its hooks. The old cell stays, but has no
/// effect: messages, children, watches and timers of the stuck code are dropped or refused.
/// </summary>
internal static class Abandonment
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int SuspendMask = ~3;

    /// <summary>The actor has received a stop or a restart: this message waits in its system queue, or the hooks of the actor run.</summary>
    public static bool IsEndAsked(Mailbox mailbox) =>
        mailbox.MessageQueue is FairMessageQueue { Details: { } details } && (details.IsEndAsked || IsTerminating(mailbox));

    /// <summary>
    /// The actor stops or restarts now and has children. Akka.NET then stops them and removes them one after another, and it has taken the
    /// notices of their deaths from the queue. An abandonment would lose those notices, and the actor would wait for its children for ever.
    /// </summary>
    public static bool IsEndingChildren(Mailbox mailbox) =>
        HasChildren(mailbox) && mailbox.MessageQueue is FairMessageQueue { Details: { } details }
        && ((details.End is { } end && !Waits(mailbox, end)) || IsTerminating(mailbox));

    /// <summary>A stop was requested, or a restart waits behind the code that runs now.</summary>
    public static bool IsEndAhead(Mailbox mailbox) =>
        mailbox.MessageQueue is FairMessageQueue { Details: { } details } && (details.IsStopAsked || (details.End is { } end && Waits(mailbox, end)));

    public static IChildrenContainer? ChildrenOf(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.ChildrenContainer;

    /// <summary>Called by the monitor. False if the thread has left the code meanwhile, or another thread requests a restart at this moment.</summary>
    /// <param name="worker">The worker whose thread is stuck.</param>
    /// <param name="seenAt">The worker's progress when the monitor saw it stuck.</param>
    /// <param name="busyTicks">How long the worker was stuck; added to the busy time of the actor.</param>
    public static bool TryTake(Worker worker, long seenAt, long busyTicks)
    {
        if (worker.Item is not Mailbox { MessageQueue: FairMessageQueue queue } mailbox
            || AkkaInternals.Cell(mailbox) is not { Self: ActorRefWithCell, Dispatcher: FairDispatcher dispatcher } stuck
            || stuck.GetType() != typeof(ActorCell)
            || stuck.Self.Path.Elements.Count < 2)
        {
            // A router's cell has another type, and runs no code of the application. The guardians (/, /user, /system) are Akka.NET's own,
            // and the system cannot end without them.
            return false;
        }

        // The thread that requests a restart may have the lowest priority, so the monitor does not wait for it.
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
            var end = WithEnd(ref waiting, details, reason);
            details.OnAbandoned(new ActorFailure(DateTimeOffset.UtcNow, reason, worker.Message), end);
            queue.AddBusy(busyTicks);
            dispatcher.Continue(Replace(stuck, mailbox, waiting));
            NotifyOfDeadChildren(stuck.Self);
            return true;
        }
        finally
        {
            Monitor.Exit(details);
        }
    }

    /// <summary>Called by the actor's thread, at a message and at the end of a slice. If the stop or restart is complete, sends the messages that wait behind it.</summary>
    public static void OnEndDone(Worker worker, QueueDetails details)
    {
        if (details.End is { } end && worker.Item is Mailbox mailbox
            && AkkaInternals.Cell(mailbox) is { Dispatcher: FairDispatcher dispatcher } cell && !Waits(mailbox, end))
        {
            dispatcher.Release(cell, details, end);
        }
    }

    /// <summary>The cell that owns the actor now. Exact only under the lock of the actor's details.</summary>
    public static ActorCell CurrentOf(ActorCell cell) => (cell.Self as ActorRefWithCell)?.Underlying as ActorCell ?? cell;

    /// <summary>
    /// Called by a sender, after it has put a message into the mailbox of this cell. If the cell was abandoned meanwhile, its successor gets
    /// the message.
    /// </summary>
    public static void PassOn(ActorCell cell)
    {
        if (cell is not { Self: ActorRefWithCell { Underlying: ActorCell successor } self, Mailbox: { } mailbox } || ReferenceEquals(successor, cell)
            || successor is not { Dispatcher: FairDispatcher dispatcher, Mailbox: { } next })
        {
            return;
        }

        // Both cells share the queue of user messages, so the successor only needs a wake-up.
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

    private static bool HasChildren(Mailbox mailbox) => ChildrenOf(mailbox) is not (null or EmptyChildrenContainer or ChildTable { Count: 0 });

    /// <summary>The actor waits for its children to stop, so that it can stop itself.</summary>
    private static bool IsTerminating(Mailbox mailbox) => ChildrenOf(mailbox) is { IsTerminating: true };

    /// <summary>
    /// A thread that leaves the code now waits at its next call into the dispatcher or the queue. Before that call it can only empty the
    /// system queue. So the actor belongs to the first of the two, thread or monitor, that empties this queue.
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
                // The thread has left the code and has taken the messages.
                return false;
            }

            waiting = seen;
        }

        return false;
    }

    /// <summary>Makes the successor with its own mailbox, and makes the stuck cell inert.</summary>
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
        AkkaInternals.SystemQueue(mailbox) = waiting;
        Volatile.Write(ref AkkaInternals.Status(mailbox), suspended | Scheduled);
        Point((ActorRefWithCell)stuck.Self, successor);
        Silence(stuck);
        return mailbox;
    }

    /// <summary>
    /// The stuck thread may have taken notices of dead children from the queue that it did not handle. Without them the actor would wait for
    /// those children for ever. A second notice of the same child has no effect.
    /// </summary>
    private static void NotifyOfDeadChildren(IActorRef self)
    {
        var parent = (ActorRefWithCell)self;
        foreach (var child in parent.Children.OfType<ActorRefWithCell>().Where(child => child.Underlying.IsTerminated))
        {
            parent.SendSystemMessage(new DeathWatchNotification(child, existenceConfirmed: true, addressTerminated: false));
        }
    }

    private static int SuspendedOf(Mailbox mailbox, ActorCell stuck)
    {
        var suspended = Volatile.Read(ref AkkaInternals.Status(mailbox)) & SuspendMask;

        // One unit belongs to a handler that awaits, or was about to await. This handler never completes.
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
#pragma warning disable CA1031 // The timers are a property of the application's class, and its code runs at this moment.
        catch
#pragma warning restore CA1031
        {
            // The stuck code changes its timers at this moment. The new instance ignores their messages: it has no timer with that name.
        }

        stuck.SetReceiveTimeout();
        AkkaInternals.CancelReceiveTimeout(stuck);
    }

    /// <summary>Adds the stop or restart to the waiting messages if it is missing: the stuck thread may have taken it already.</summary>
    private static SystemMessage WithEnd(ref SystemMessage? waiting, QueueDetails details, ActorAbandonedException reason)
    {
        for (var each = waiting; each is not null; each = AkkaInternals.Next(each))
        {
            if (ReferenceEquals(each, details.End))
            {
                return each;
            }
        }

        SystemMessage again = details.End is Recreate && !details.IsStopAsked ? new Recreate(reason) : new Terminate();
        AkkaInternals.Next(again) = waiting;
        waiting = again;
        return again;
    }

    /// <summary>The list may change during the search. Then the message has not been taken yet, or it is no longer in the list.</summary>
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

    /// <summary>Marks the end of the system queue of an abandoned mailbox: messages above it came too late. Two queues never share a mark.</summary>
    private sealed class LeftBehind : SystemMessage;

    /// <summary>Replaces the stuck instance until the actor has stopped or has a new instance. It has no hooks.</summary>
    private sealed class StandIn : ActorBase
    {
        protected override bool Receive(object message) => true;
    }
}
