namespace AllInOne.Actors;

/// <summary>The parts of an actor that most actors never use, made on first use. Only the actor's own thread writes here, but for the traces.</summary>
internal sealed class CellParts
{
    private ICancelable? _receiveTimer;

    /// <summary>Children by name; the lock is the dictionary itself, for readers on other threads.</summary>
    public Dictionary<string, ActorCell>? Children { get; set; }

    public long NextChildNumber { get; set; }

    /// <summary>Children told to stop by this actor and not yet gone.</summary>
    public HashSet<ActorCell>? StoppingChildren { get; set; }

    public Dictionary<ActorCell, ChildRestartStats>? RestartStats { get; set; }

    public SupervisorStrategy? Strategy { get; set; }

    public List<InternalActorRef>? Watchers { get; private set; }

    /// <summary>Watched actors and the message to get in place of Terminated, if any.</summary>
    public Dictionary<IActorRef, object?>? Watching { get; set; }

    /// <summary>Whose Terminated is in the mailbox; taken out when it is unwatched meanwhile.</summary>
    public HashSet<IActorRef>? TerminatedQueued { get; set; }

    public Stack<Receive>? Behaviors { get; set; }

    public TimerScheduler? Timers { get; set; }

    public TimeSpan? ReceiveTimeout { get; set; }

    /// <summary>The failure being dealt with by the supervisor.</summary>
    public Exception? Failing { get; set; }

    public ActorFailure? LastFailure { get; set; }

    public int Restarts { get; set; }

    /// <summary>The restart in progress follows a failed creation.</summary>
    public bool CreatesAfresh { get; set; }

    /// <summary>The instance was left behind in a message that did not end.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Cancelled when the actor is told to end; made when it is first asked for.</summary>
    public CancellationTokenSource? Ending { get; set; }

    /// <summary>How many messages are still taken while the mailbox closes.</summary>
    public int LettersBeforeClosing { get; set; }

    /// <summary>Who watches what this actor handles; null almost always. Replaced as a whole, under the lock of this object.</summary>
    public MessageTrace[]? Traces { get; set; }

    /// <summary>When the message in hand was taken, in ticks of the stopwatch, if it is traced; else 0.</summary>
    public long TracedSince { get; set; }

    /// <summary>The traced message was declined.</summary>
    public bool WasUnhandled { get; set; }

    /// <summary>Why the instance is being replaced, while children stop.</summary>
    public Exception? RecreateCause { get; set; }

    /// <summary>The child whose failure this actor could not deal with and made its own.</summary>
    public ActorCell? Perpetrator { get; set; }

    /// <summary>Failures of children that are to escalate once the decision about this actor's own failure has come.</summary>
    public Queue<FailedMessage>? PostponedFailures { get; set; }

    /// <summary>The task of the handler that awaits, while it does.</summary>
    public Task? AwaitedTask { get; set; }

    /// <summary>The context of that handler.</summary>
    public ActorSynchronizationContext? Awaiting { get; set; }

    public void AddWatcher(InternalActorRef watcher)
    {
        Watchers ??= [];
        if (!Watchers.Contains(watcher))
        {
            Watchers.Add(watcher);
        }
    }

    public void RemoveWatcher(InternalActorRef watcher) => Watchers?.Remove(watcher);

    public void ArmReceiveTimeout(IScheduler scheduler, ActorCell self)
    {
        if (ReceiveTimeout is { } timeout && _receiveTimer is null)
        {
            _receiveTimer = scheduler.ScheduleTellOnceCancelable(timeout, self, Actors.ReceiveTimeout.Instance, self);
        }
    }

    public void CancelReceiveTimeout()
    {
        _receiveTimer?.Cancel();
        _receiveTimer = null;
    }

    /// <summary>What belongs to the instance and not to the actor.</summary>
    public void ForgetInstance()
    {
        Ending = null;
        Behaviors = null;
        Strategy = null;
        CancelReceiveTimeout();
        Timers?.End();
        Timers = null;
        Awaiting = null;
        AwaitedTask = null;
    }
}
