using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// Takes an actor from a thread that is stuck in the actor's code. A new cell, the successor, gets the reference, the mailbox, the children and
/// the watchers. The successor stops or restarts the actor without the stuck instance and without its hooks. The old cell stays, but has no
/// effect: messages, children, watches and timers of the stuck code are dropped or refused.
/// </summary>
internal static class Abandonment
{
    /// <summary>The actor stops now: a hook of it runs, or it waits for its children.</summary>
    public static bool IsStopping(Worker worker, Mailbox mailbox) =>
        worker.Mailbox.InHand is Terminate || ChildrenOf(mailbox) is { IsTerminating: true };

    /// <summary>A stop or a restart waits behind the code that runs now.</summary>
    public static bool IsEndAhead(Worker worker, Mailbox mailbox) =>
        SystemMessages.Any(worker.Mailbox.Pending, IsEnd) || SystemMessages.Any(Volatile.Read(ref AkkaInternals.SystemQueue(mailbox)), IsEnd);

    /// <summary>
    /// The code that runs now must end, because the actor stops or restarts. This does not include the start of a new instance: it may take as
    /// long as the start of an actor, unless a further stop or restart waits.
    /// </summary>
    public static bool IsEndAsked(Worker worker, Mailbox mailbox)
    {
        if (AkkaInternals.Cell(mailbox) is not { } cell)
        {
            return false;
        }

        var isEnding = IsStopping(worker, mailbox) || (IsRestarting(mailbox) && AkkaInternals.Failed(cell) is not null);

        // A StandIn has no hooks, so only Akka.NET's own code runs. If the successor were abandoned too, it would never end.
        return isEnding ? AkkaInternals.Instance(cell) is not StandIn : IsEndAhead(worker, mailbox);
    }

    /// <summary>The actor stops or restarts now and has children. Akka.NET then stops all of them in one step, which may take seconds.</summary>
    public static bool IsEndingChildren(Worker worker, Mailbox mailbox) =>
        (IsStopping(worker, mailbox) || IsRestarting(mailbox)) && ChildrenOf(mailbox) is not (null or EmptyChildrenContainer or ChildTable { Count: 0 });

    /// <summary>A restart runs, or it waits in the mailbox.</summary>
    public static bool IsRestartAsked(Mailbox mailbox) =>
        IsRestarting(mailbox) || SystemMessages.Any(Volatile.Read(ref AkkaInternals.SystemQueue(mailbox)), static message => message is Recreate);

    public static IChildrenContainer? ChildrenOf(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.ChildrenContainer;

    /// <summary>Whether a message is the continuation of an await in the code of an abandoned cell. Its successor must not run it.</summary>
    public static bool IsOfAbandoned(ActorCell cell, SystemMessage message) =>
        message.GetType() == AkkaInternals.Continuation && cell.Mailbox is { } mailbox && !ReferenceEquals(AkkaInternals.Cell(mailbox), cell);

    /// <summary>Takes the actor. Called by the monitor. False if the thread has left the code since then, or if the actor cannot be taken.</summary>
    /// <param name="worker">The worker whose thread is stuck.</param>
    /// <param name="seenAt">The worker's progress when the monitor saw it stuck.</param>
    /// <param name="busyTicks">How long the worker was stuck; added to the busy time of the actor.</param>
    public static bool TryTake(Worker worker, long seenAt, long busyTicks)
    {
        if (worker.Item is not Mailbox { MessageQueue: FairMessageQueue queue } mailbox
            || AkkaInternals.Cell(mailbox) is not { Self: ActorRefWithCell self, Dispatcher: FairDispatcher dispatcher } stuck
            || stuck.GetType() != typeof(ActorCell)
            || self.Path.Elements.Count < 2
            || !worker.TryLoosen(seenAt))
        {
            // A router's cell has another type, which is not supported. The guardians (/, /user, /system) are Akka.NET's own,
            // and the system cannot end without them.
            return false;
        }

        // From here on the monitor owns the actor, until a worker runs the successor.
        var reason = new ActorAbandonedException(self);
        var details = queue.EnsureDetails();
        var wasFailed = AkkaInternals.Failed(stuck) is not null;
        var inHand = worker.Mailbox.InHand;
        var isSuspended = HasSuspended(worker, mailbox, stuck);

        // From here on an exception of the stuck code does not suspend the mailbox any more. The first one comes soon: as the thread has lost its
        // actor, its calls are refused.
        AkkaInternals.Failed(stuck) = self;
        worker.Lose();
        (details.LastFailure, details.Traced) = (new ActorFailure(DateTimeOffset.UtcNow, reason, worker.Message), default);
        details.Inherit(Inherited(worker, mailbox, details, reason, wasFailed));
        queue.AddBusy(busyTicks);
        Replace(stuck, self, mailbox);
        if (inHand is null)
        {
            // An actor with a user message in hand was not suspended before it.
            AkkaInternals.ResumeFully(mailbox);
        }
        else if (isSuspended)
        {
            AkkaInternals.Resume(mailbox);
        }

        dispatcher.Continue(mailbox);
        return true;
    }

    /// <summary>
    /// The stuck code has suspended the mailbox, and no code will resume it. Either it awaits: the await never completes. Or it has failed, and its
    /// supervisor does not know: the thread was interrupted before it sent the failure.
    /// </summary>
    private static bool HasSuspended(Worker worker, Mailbox mailbox, ActorCell stuck)
    {
        var hasFailed = AkkaInternals.Failed(stuck) is not null && worker.Failure is null && !IsStopping(worker, mailbox) && !IsRestarting(mailbox);

        // A task of a constructor or of PreStart awaits without a current message.
        var inHand = worker.Mailbox.InHand;
        return hasFailed || inHand is Create || inHand?.GetType() == AkkaInternals.Continuation || stuck.TaskScheduler.CurrentMessage is not null;
    }

    private static bool IsEnd(SystemMessage message) => message is Terminate or Recreate;

    private static bool IsRestarting(Mailbox mailbox) => mailbox.MessageQueue is FairMessageQueue { Details.IsRestarting: true };

    /// <summary>
    /// The first messages of the successor: the stop or restart that the stuck thread has begun, once more, and then the messages that the thread had
    /// taken from the mailbox. While the actor waits for its children, Akka.NET keeps the stop or restart with the children.
    /// </summary>
    private static SystemMessage? Inherited(Worker worker, Mailbox mailbox, QueueDetails details, ActorAbandonedException reason, bool wasFailed)
    {
        var (inHand, pending) = worker.Mailbox.Surrender();

        // Continuations of awaits belong to the stuck instance.
        pending = SystemMessages.Without(AkkaInternals.Continuation, SystemMessages.Join(pending, SystemMessages.TakeAll(mailbox)));
        var children = ChildrenOf(mailbox)!;
        SystemMessage? again = null;
        if (inHand is Terminate || children is TerminatedChildrenContainer)
        {
            again = new Terminate();
        }
        else if (!children.IsNormal)
        {
            again = inHand is DeathWatchNotification death
                ? new DeathWatchNotification(death.Actor, death.ExistenceConfirmed, death.AddressTerminated)
                : null;
        }
        else if (details.IsRestarting && !SystemMessages.Any(pending, static message => message is Terminate)
            && (wasFailed || !SystemMessages.Any(pending, static message => message is Recreate)))
        {
            // Each restart takes back one suspension. So the hooks of the old instance need this one, even if another one waits.
            again = new Recreate(reason);
        }
        else if (inHand is Watch or Unwatch)
        {
            // The thread was only slow. A second watch of the same watcher has no effect.
            again = inHand is Watch watch ? new Watch(watch.Watchee, watch.Watcher) : new Unwatch(((Unwatch)inHand).Watchee, ((Unwatch)inHand).Watcher);
        }

        return again is null ? pending : SystemMessages.Before(again, pending);
    }

    /// <summary>
    /// Gives the mailbox to a new cell, and makes the stuck cell inert. The stuck cell keeps its reference to the mailbox. So a sender that still
    /// uses the old cell reaches the successor. Akka.NET ignores suspensions by a cell that is not the mailbox's own.
    /// </summary>
    private static void Replace(ActorCell stuck, ActorRefWithCell self, Mailbox mailbox)
    {
        var successor = new ActorCell(stuck.SystemImpl, self, stuck.Props, stuck.Dispatcher, stuck.Parent);
        AkkaInternals.SwapMailbox(successor, mailbox);
        AkkaInternals.Children(successor) =
            ChildTable.Inherit(Interlocked.Exchange(ref AkkaInternals.Children(stuck), TerminatedChildrenContainer.Instance));
        AkkaInternals.NextName(successor) = AkkaInternals.NextName(stuck);
        AkkaInternals.MoveState(stuck, successor);
        successor.UseThreadContext(() => AkkaInternals.SetInstance(successor, new StandIn()));
        mailbox.SetActor(successor);
        Point(self, successor);
        Silence(stuck);
    }

    private static void Silence(ActorCell stuck)
    {
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

    /// <summary>Replaces the stuck instance until the actor has stopped or has a new instance. It has no hooks.</summary>
    private sealed class StandIn : ActorBase
    {
        protected override bool Receive(object message) => true;
    }
}
