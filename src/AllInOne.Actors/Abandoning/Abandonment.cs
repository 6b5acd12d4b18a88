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

    private static readonly NoMessage Taken = new();

    /// <summary>The actor was told to stop or to restart: the message waits in its system queue, or its hooks run.</summary>
    public static bool IsEndAsked(Mailbox mailbox)
    {
        for (var message = Volatile.Read(ref AkkaInternals.SystemQueue(mailbox)); message is not null; message = AkkaInternals.Next(message))
        {
            if (message is Terminate or Recreate)
            {
                return true;
            }
        }

        return AkkaInternals.Cell(mailbox) is { } cell
            && (cell.ChildrenContainer.IsTerminating || FairDispatcher.QueueOf(cell)?.Details is { IsEndAsked: true });
    }

    public static bool HasChildren(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.ChildrenContainer is not (null or EmptyChildrenContainer);

    /// <summary>A supervisor's own code decides about a failure.</summary>
    public static bool IsInDecision(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.CurrentMessage is Failed;

    public static object? ChildrenOf(Mailbox mailbox) => AkkaInternals.Cell(mailbox)?.ChildrenContainer;

    /// <summary>By the monitor. False if the thread has come out of the code meanwhile.</summary>
    /// <param name="worker">The worker whose thread is stuck.</param>
    /// <param name="seenAt">Its progress when it was seen stuck.</param>
    /// <param name="busyTicks">How long it was, to be added to the account.</param>
    public static bool TryTake(Worker worker, long seenAt, long busyTicks)
    {
        if (worker.Item is not Mailbox old || AkkaInternals.Cell(old) is not { Self: ActorRefWithCell self, Dispatcher: FairDispatcher dispatcher } stuck
            || old.MessageQueue is not FairMessageQueue queue)
        {
            return false;
        }

        // A thread that comes out now waits at its next call into the dispatcher or the queue. Before that it can only empty the
        // system queue. So the first one to do that has the actor.
        SystemMessage? waiting = null;
        if (!worker.TryLose(seenAt, () => TryEmpty(old, worker, seenAt, out waiting)))
        {
            return false;
        }

        var details = queue.EnsureDetails();
        var isRestart = !stuck.ChildrenContainer.IsTerminating && details is { RestartsAhead: > 0, IsStopAsked: false };
        (stuck.System as ExtendedActorSystem)?.ActorPipelineResolver.Register(new Incarnation());
        var suspended = SuspendedOf(old, stuck);
        Volatile.Write(ref AkkaInternals.Status(old), Closed);

        var mailbox = new Mailbox(queue);
        var successor = Succeed(stuck, self, dispatcher, mailbox);
        Silence(stuck);

        AkkaInternals.Status(mailbox) = suspended | Scheduled;
        AkkaInternals.SystemQueue(mailbox) = WithEnd(waiting, isRestart, self);
        Point(self, successor);
        details.Traced = default;
        details.LastFailure = new ActorFailure(DateTimeOffset.UtcNow, new ActorAbandonedException(self), worker.Message);
        queue.AddBusy(busyTicks);
        dispatcher.Continue(mailbox);
        return true;
    }

    private static bool TryEmpty(Mailbox mailbox, Worker worker, long seenAt, out SystemMessage? waiting)
    {
        waiting = Volatile.Read(ref AkkaInternals.SystemQueue(mailbox));
        while (worker.Progress == seenAt && !ReferenceEquals(waiting, Taken))
        {
            var seen = Interlocked.CompareExchange(ref AkkaInternals.SystemQueue(mailbox), Taken, waiting);
            if (ReferenceEquals(seen, waiting))
            {
                return true;
            }

            waiting = seen;
        }

        return false;
    }

    private static int SuspendedOf(Mailbox mailbox, ActorCell stuck)
    {
        var suspended = Volatile.Read(ref AkkaInternals.Status(mailbox)) & SuspendMask;

        // One unit is for a handler that awaits, or was about to: its end will not come.
        return stuck.TaskScheduler.CurrentMessage is not null && suspended >= AkkaInternals.SuspendUnit ? suspended - AkkaInternals.SuspendUnit : suspended;
    }

    private static ActorCell Succeed(ActorCell stuck, ActorRefWithCell self, FairDispatcher dispatcher, Mailbox mailbox)
    {
        var successor = new ActorCell(stuck.SystemImpl, (IInternalActorRef)self, stuck.Props, dispatcher, stuck.Parent);
        mailbox.SetActor(successor);
        AkkaInternals.SwapMailbox(successor, mailbox);
        AkkaInternals.Children(successor) = Interlocked.Exchange(ref AkkaInternals.Children(stuck), TerminatedChildrenContainer.Instance);
        AkkaInternals.NextName(successor) = AkkaInternals.NextName(stuck);
        AkkaInternals.MoveState(stuck, successor);
        successor.UseThreadContext(() => AkkaInternals.SetInstance(successor, new StandIn()));
        return successor;
    }

    private static void Silence(ActorCell stuck)
    {
        AkkaInternals.Failed(stuck) = stuck.Self;
        try
        {
            (AkkaInternals.Instance(stuck) as IWithTimers)?.Timers.CancelAll();
        }
        catch (InvalidOperationException)
        {
            // The stuck code changes its timers in this very moment. None of them can be set any more, and those that are set only
            // reach the inert cell.
        }

        stuck.SetReceiveTimeout();
        AkkaInternals.CancelReceiveTimeout(stuck);
    }

    /// <summary>What waited for the actor, in order; and its end once more if the thread had that in hand already.</summary>
    private static SystemMessage? WithEnd(SystemMessage? waiting, bool isRestart, ActorRefWithCell self)
    {
        for (var each = waiting; each is not null; each = AkkaInternals.Next(each))
        {
            if (each is Terminate or Recreate)
            {
                return waiting;
            }
        }

        SystemMessage end = isRestart ? new Recreate(new ActorAbandonedException(self)) : new Terminate();
        AkkaInternals.Next(end) = waiting;
        return end;
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

    /// <summary>In the place of the stuck instance, until the actor has ended or has a new one: it has no hooks.</summary>
    private sealed class StandIn : ActorBase
    {
        protected override bool Receive(object message) => true;
    }

    /// <summary>An actor that was taken from its constructor must not run its PreStart.</summary>
    private sealed class Incarnation : ActorProducerPluginBase
    {
        public override bool CanBeAppliedTo(Type actorType) => true;

        public override void AfterIncarnated(ActorBase actor, IActorContext context)
        {
            if (Worker.IsOnLostThread)
            {
                throw new ActorAbandonedException(context.Self);
            }
        }
    }
}
