using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// One actor: its reference, its context and its mailbox in one object, so that an idle actor stays small. What most
/// actors never need (children, watches, behaviours, failure) sits in <see cref="CellParts"/>, made on first use. The parts
/// of this class: messages here, life and supervision, children and death watch, and the context that the actor sees.
/// </summary>
internal sealed partial class ActorCell : InternalActorRef, IActorContext
{
    private readonly ActorSystem _system;
    private readonly ActorCell? _parent;
    private readonly Props _props;
    private Mailbox _mailbox;
    private SystemInbox _systemInbox;
    private SystemMessage? _systemPending;
    private ActorBase? _actor;
    private Envelope? _envelope;
    private CellParts? _parts;
    private int _suspensions;
    private volatile CellState _state = CellState.New;
    private volatile bool _toldToStop;
    private int _restartsAhead;
    private bool _takenOver;
    private Worker? _worker;
    private long _handled;
    private long _busyTicks;

    /// <summary>Born scheduled: its first slice creates the actor.</summary>
    public ActorCell(ActorSystem system, ActorCell? parent, Props props, string name)
    {
        _system = system;
        _parent = parent;
        _props = props;
        Name = name;
    }

    /// <summary>The actor that runs on this thread.</summary>
    public static ActorCell? Current => Worker.Current?.Cell;

    public string Name { get; }

    public ActorCell? ParentCell => _parent;

    public IActorRef? CurrentSender => _envelope?.Sender;

    public override ActorPath Path
    {
        get
        {
            // No recursion: a tree may be deeper than a stack.
            var names = new Stack<string>();
            for (var cell = this; cell._parent is not null; cell = cell._parent)
            {
                names.Push(cell.Name);
            }

            var path = _system.RootPath;
            foreach (var name in names)
            {
                path /= name;
            }

            return path;
        }
    }

    public override IInternalActorRef Parent => _parent as IInternalActorRef ?? NobodyRef.Instance;

    public override bool IsTerminated => _state >= CellState.Draining;

    /// <summary>False while the instance is being made.</summary>
    public bool HasInstance => _actor is not null;

    private CellParts Parts => _parts ?? Interlocked.CompareExchange(ref _parts, new CellParts(), null) ?? _parts;

    public void Start() => _system.Dispatcher.Schedule(this);

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Worker.IsOnLostThread)
        {
            return;
        }

        if (!_mailbox.TryPush(new Envelope(message, sender), out var wakes))
        {
            _system.DeadLetterRef.Publish(message, sender, this);
        }
        else if (wakes)
        {
            _system.Dispatcher.Schedule(this);
        }
    }

    internal override void SendSystemMessage(SystemMessage message)
    {
        if (Worker.IsOnLostThread)
        {
            return;
        }

        if (!TrySendSystemMessage(message))
        {
            AnswerForTheDead(message);
        }
    }

    internal bool TrySendSystemMessage(SystemMessage message)
    {
        if (!_systemInbox.TryPush(message))
        {
            return false;
        }

        if (_mailbox.TryWake())
        {
            if (message.IsUrgent)
            {
                _system.Dispatcher.ScheduleUrgent(this);
            }
            else
            {
                _system.Dispatcher.Schedule(this);
            }
        }

        return true;
    }

    /// <summary>
    /// One slice: system messages first, then user messages, with a look at the system inbox after each. Answers when it ended,
    /// in ticks of the stopwatch.
    /// </summary>
    /// <exception cref="AbandonedSliceException">The actor was taken from this thread; nothing of it was touched since.</exception>
    public long RunSlice(Worker worker)
    {
        Volatile.Write(ref _worker, worker);
        var dispatcher = worker.Dispatcher;
        var looks = dispatcher.Looks;
        if (_takenOver)
        {
            GoOnAfterAbandoning();
        }

        if (_state == CellState.New)
        {
            Create();
        }

        HandleSystemMessages(worker);
        for (var count = 1; worker.Seat is not null && MayHandleUserMessages && !HasSystemMessages && _mailbox.Take() is { } envelope; count++)
        {
            HandleUserMessage(envelope, worker);
            HandleSystemMessages(worker);
            if (count >= Dispatcher.SliceMessages || worker.Seat is not { } seat || dispatcher.Looks != looks
                || ((count & 15) == 0 && Stopwatch.GetTimestamp() - worker.SliceStart > Dispatcher.SliceTicks))
            {
                break;
            }

            if (seat.HasNext && dispatcher.HasIdleSeat && _mailbox.HasMessages)
            {
                dispatcher.Share(seat);
            }
        }

        if (_state is CellState.Closing or CellState.Draining)
        {
            GiveAwayMessages(worker);
        }

        var end = Stopwatch.GetTimestamp();
        if (worker.Accounts)
        {
            _busyTicks += end - worker.SliceStart;
        }

        Volatile.Write(ref _worker, null);
        EndSlice(dispatcher);
        return end;
    }

    /// <summary>From the moment in which it begins to stop.</summary>
    private bool IsEnding => _state >= CellState.Stopping;

    /// <summary>From the moment in which its hooks have run: messages only leave.</summary>
    private bool IsEnded => _state >= CellState.Closing;

    private bool HasSystemMessages => _systemPending is not null || !_systemInbox.IsEmpty;

    private bool MayHandleUserMessages => _suspensions == 0 && _state == CellState.Running && !IsAwaiting && _actor is not null;

    private bool IsAwaiting => _parts is { Awaiting: not null };

    /// <summary>Goes back into the queue while there is something to do, else parks; after parking nothing here may be touched.</summary>
    private void EndSlice(Dispatcher dispatcher)
    {
        while (_state != CellState.Stopped)
        {
            if (HasSystemMessages || IsEnded || (MayHandleUserMessages && _mailbox.HasMessages))
            {
                dispatcher.ScheduleAgain(this);
                return;
            }

            if (_mailbox.TryPark(holding: !MayHandleUserMessages) && (_systemInbox.IsEmpty || !_mailbox.TryWake()))
            {
                return;
            }
        }
    }

    /// <summary>All there are, or for as long as the slice lasts: a handler that awaits again and again sends itself one after another.</summary>
    private void HandleSystemMessages(Worker worker)
    {
        // A thread that has lost its seat goes on with nothing: it may be the slowest of all.
        while (worker.Seat is not null && !IsTerminated && HasSystemMessages)
        {
            // What is left waits in a field: should this thread lose the actor, the next one goes on with it.
            var message = _systemPending ?? _systemInbox.TakeAll()!;
            _systemPending = message.Next;
            message.Next = null;
            HandleSystemMessage(message);
            if (Stopwatch.GetTimestamp() - worker.SliceStart > Dispatcher.SliceTicks)
            {
                return;
            }
        }
    }

    private void HandleSystemMessage(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case ContinueMessage continuation:
                    Continue(continuation);
                    break;
                case AwaitEndedMessage ended:
                    EndAwait(ended.Task);
                    break;
                case FailedMessage failed:
                    HandleFailed(failed.Child, failed.Cause);
                    break;
                case DeathWatchNotification notification:
                    HandleDeath(notification.Actor, notification.ExistenceConfirmed);
                    break;
                case WatchMessage watch:
                    Parts.AddWatcher(watch.Watcher);
                    break;
                case UnwatchMessage unwatch:
                    _parts?.RemoveWatcher(unwatch.Watcher);
                    break;
                case SuspendMessage:
                    _suspensions++;
                    SuspendChildren();
                    break;
                case ResumeMessage resume:
                    HandleResume(resume.CausedByFailure);
                    break;
                case RecreateMessage recreate:
                    Interlocked.Decrement(ref _restartsAhead);
                    HandleRecreate(recreate.Cause);
                    break;
                case TerminateMessage:
                    HandleTerminate();
                    break;
                default:
                    throw new InvalidOperationException($"Unknown system message {message}");
            }
        }
#pragma warning disable CA1031 // The mailbox is the boundary where an actor's failure becomes a message to its supervisor.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Worker.Current!.Leave();
            Fail(exception, (message as FailedMessage)?.Child);
        }
    }
}
