using System.Diagnostics;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// A thread that runs actors, one slice after another. A worker with a seat shares the processors with the other seats. A replaced worker
/// completes its current message, and then waits as a spare or exits. <see cref="WorkerPool"/> gives seats to the workers and takes them.
/// Only the ownership of the current actor is decided between this thread and the monitor, by <see cref="_hold"/>.
/// </summary>
internal sealed class Worker(WorkScheduler scheduler, int number)
{
    /// <summary>This thread owns the actor.</summary>
    private const int Firm = 0;

    /// <summary>The monitor is about to take the actor. If the thread leaves the actor's code now, it waits for the outcome.</summary>
    private const int Loose = 1;

    /// <summary>The monitor has taken the actor.</summary>
    private const int Lost = 2;

    /// <summary>The clock is read again after this many messages.</summary>
    private const int ClockEvery = 16;

    [ThreadStatic]
    private static Worker? _current;

    private readonly WakeSignal _wake = new();
    private readonly Lock _away = new();
    private bool _isAway;
    private bool _isGone;
    private Seat? _seat;
    private IRunnable? _item;
    private FairMessageQueue? _queue;
    private long _progress;
    private long _now;
    private long _checks;
    private int _count;
    private volatile int _hold;

    /// <summary>The worker of this thread; null on other threads.</summary>
    public static Worker? Current => _current;

    /// <summary>Whether this thread still runs code of an actor that was taken from it. Then its calls have no effect.</summary>
    public static bool IsOnLostThread => _current is { IsLost: true };

    /// <summary>Whether the actor was taken from this thread. Only for this thread; it waits while the monitor decides.</summary>
    public bool IsLost => _hold != Firm && IsSettledLost();

    public WorkScheduler Scheduler => scheduler;

    /// <summary>The seat of this worker; null after a replacement or while it waits as a spare.</summary>
    public Seat? Seat
    {
        get => Volatile.Read(ref _seat);
        set => Volatile.Write(ref _seat, value);
    }

    /// <summary>The worker is a spare whose thread has not run yet. Changed under the pool's lock.</summary>
    public bool IsNew { get; set; }

    /// <summary>The thread has ended with the lowest priority; the monitor has not removed it yet.</summary>
    public bool IsGone
    {
        get => Volatile.Read(ref _isGone);
        set => Volatile.Write(ref _isGone, value);
    }

    /// <summary>The mailbox, or another task of Akka.NET, that this worker runs; null between slices.</summary>
    public IRunnable? Item => Volatile.Read(ref _item);

    /// <summary>The queue of the actor that this worker runs.</summary>
    public FairMessageQueue? Queue => Volatile.Read(ref _queue);

    /// <summary>
    /// Increases whenever the thread enters or leaves the code of one message. The value is odd inside the code. If it has not changed between
    /// two checks, the thread is still in the same message. While it is even, the thread runs code of the mailbox or completes a termination, and the
    /// monitor cannot take the actor.
    /// </summary>
    public long Progress => Volatile.Read(ref _progress);

    /// <summary>Runs the mailboxes on this thread.</summary>
    public MailboxRun Mailbox { get; private set; } = null!;

    /// <summary>The start of the current slice, in ticks of the stopwatch.</summary>
    public long SliceStart { get; private set; }

    /// <summary>The current message as the queue returned it (Akka.NET wraps some messages); null in the hooks of an actor.</summary>
    public object? Message { get; private set; }

    public IActorRef? Sender { get; private set; }

    /// <summary>How long the current message has run; exact to one interval of the monitor.</summary>
    public TimeSpan InHandFor => Stopwatch.GetElapsedTime(Seen.Progress == Progress ? Seen.Since : SliceStart);

    /// <summary>The failure of the current message.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The actor did not handle the current message.</summary>
    public bool WasUnhandled { get; set; }

    public int ThreadId { get; private set; }

    /// <summary>The monitor's observation of the current message.</summary>
    public Observation Seen { get; } = new();

    /// <summary>The worker was woken to search for work and has not found any yet. Only for its own thread.</summary>
    public bool IsSearching { get; set; }

    /// <summary>A buffer for the actors that this worker takes from another seat.</summary>
    public IRunnable?[] Loot { get; } = new IRunnable?[32];

    public void Start()
    {
        Mailbox = new MailboxRun(this);
        new Thread(Run) { IsBackground = true, Name = $"actors-{number}" }.UnsafeStart();
    }

    public void Wake() => _wake.Call();

    public void Sleep() => _wake.Wait();

    /// <exception cref="InvalidOperationException">The actor was taken from this thread.</exception>
    public static void ThrowIfLost()
    {
        if (IsOnLostThread)
        {
            throw new InvalidOperationException("The actor that runs here was abandoned, so its calls have no effect.");
        }
    }

    /// <summary>Called by the pool when it takes the seat from this worker.</summary>
    public void BeginAway() => _isAway = true;

    /// <summary>
    /// Called by the monitor: confines or demotes this thread because its message blocks it. False if the thread is about to return. The
    /// monitor never waits here, because the thread may have the lowest priority.
    /// </summary>
    public bool WhileAway(Action<Worker> act)
    {
        if (!_away.TryEnter())
        {
            return false;
        }

        try
        {
            if (_isAway)
            {
                act(this);
            }

            return _isAway;
        }
        finally
        {
            _away.Exit();
        }
    }

    /// <summary>Called after the message for which the thread lost its seat. Undoes the confinement; false if a change cannot be undone.</summary>
    public bool ComeBack()
    {
        lock (_away)
        {
            _isAway = false;
            _hold = Firm;
            Seen.Abandoned = null;
            Forget();
            if (Seen.IsConfined && !Seen.IsDemoted)
            {
                NativeThread.Release(ThreadId);
                Seen.IsConfined = false;
            }

            return !Seen.IsDemoted;
        }
    }

    /// <summary>
    /// Called by the monitor before it takes the actor from this thread. False if the thread has already left the code of the message. From here
    /// until <see cref="Lose"/>, the code continues. But if it ends, or makes a call that an abandoned actor must not make, it waits.
    /// </summary>
    /// <param name="seenAt">The progress at which the monitor saw the worker.</param>
    public bool TryLoosen(long seenAt)
    {
        _hold = Loose;

        // If the thread leaves the code now, either the monitor sees its new progress, or the thread sees the changed hold.
        Interlocked.MemoryBarrierProcessWide();
        if (Progress == seenAt && long.IsOddInteger(seenAt))
        {
            return true;
        }

        _hold = Firm;
        return false;
    }

    /// <summary>Called by the monitor: now the actor is taken, and the thread learns of it.</summary>
    public void Lose() => _hold = Lost;

    /// <summary>Called by this thread before it runs the code of a message.</summary>
    public void Enter() => Volatile.Write(ref _progress, _progress + 1);

    /// <summary>
    /// Called by this thread after the code of a message. False if the actor was taken from it. Otherwise the thread owns the actor until it
    /// enters code again.
    /// </summary>
    public bool Leave()
    {
        Volatile.Write(ref _progress, (_progress + 1) & ~1);
        return !IsLost;
    }

    /// <summary>
    /// Called inside the code of a message, before a change that the monitor must not interrupt. Then the monitor sees new progress, and needs
    /// several checks before it can take the actor. False if it has taken the actor.
    /// </summary>
    public static bool TryClaim()
    {
        if (_current is not { } worker)
        {
            return true;
        }

        Volatile.Write(ref worker._progress, worker._progress + 2);
        return !worker.IsLost;
    }

    /// <summary>
    /// Called after a system message. False if the monitor has made a check since the slice began, or if this worker has lost its seat.
    /// </summary>
    public bool MayContinue() => Seat is not null && scheduler.Monitor.Checks == _checks;

    /// <summary>Called before the next message: whether the slice continues.</summary>
    public bool MayTake()
    {
        if (Seat is null)
        {
            return false;
        }

        var count = _count++;
        return count == 0
            || (count < WorkScheduler.SliceMessages
                && scheduler.Monitor.Checks == _checks
                && (count % ClockEvery != 0 || Stopwatch.GetTimestamp() - SliceStart <= WorkScheduler.SliceTicks));
    }

    /// <summary>Called before the code of a message: it is the current one from now on.</summary>
    public void Begin(object message, IActorRef? sender)
    {
        if (_count > 1 && Seat is { HasNext: true } seat && scheduler.Pool.HasIdleSeat)
        {
            scheduler.Queues.Share(seat);
        }

        (Message, Sender) = (message, sender);
    }

    /// <summary>Called after the code of a message.</summary>
    public void EndMessage() => Message = null;

    /// <summary>Called at the end of a slice, while this thread owns the actor. False if the actor was taken from it.</summary>
    public bool TryEndSlice(FairMessageQueue queue)
    {
        _now = Stopwatch.GetTimestamp();
        return queue.TryEndSlice(this, scheduler.Options.Accounting ? _now - SliceStart : 0);
    }

    private bool IsSettledLost()
    {
        var wait = new SpinWait();
        while (_hold == Loose)
        {
            wait.SpinOnce();
        }

        return _hold == Lost;
    }

    private void Run()
    {
        _current = this;
        ThreadId = NativeThread.CurrentId;
        try
        {
            RunSlices();
        }
#pragma warning disable CA1031 // The boundary of the thread: a fault of the scheduler itself must be reported.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            scheduler.GiveUp(new SchedulerFaultException(fault));
        }
    }

    private void RunSlices()
    {
        var clean = ExecutionContext.Capture();
        _now = Stopwatch.GetTimestamp();
        while (!scheduler.Pool.IsStopping)
        {
            if (Seat is not { } seat)
            {
                if (!scheduler.Pool.AwaitSeat(this))
                {
                    return;
                }

                _now = Stopwatch.GetTimestamp();
            }
            else if (scheduler.Queues.Take(this, seat, _now) is { } item)
            {
                RunSlice(item);
                if (clean is not null)
                {
                    // The next actor must not see the AsyncLocal values of this one.
                    ExecutionContext.Restore(clean);
                }
            }
            else
            {
                scheduler.Pool.Park(this, seat);
                _now = Stopwatch.GetTimestamp();
            }
        }
    }

    private void RunSlice(IRunnable item)
    {
        SliceStart = _now;
        _count = 0;
        _checks = scheduler.Monitor.Checks;
        var mailbox = item as Mailbox;
        var queue = mailbox?.MessageQueue as FairMessageQueue;
        Volatile.Write(ref _queue, queue);
        Volatile.Write(ref _item, item);
        try
        {
            if (queue is not null)
            {
                Mailbox.Run(mailbox!, queue);
            }
            else
            {
                Enter();
                item.Run();
            }
        }
#pragma warning disable CA1031 // An exception of an abandoned actor's code has no effect. An exception of another task is reported.
        catch (Exception fault) when (mailbox is null || IsLost)
#pragma warning restore CA1031
        {
            // A mailbox catches the exceptions of its actor. Any other exception is a fault of the runtime, and stops the scheduler.
            ReportTask(fault);
        }

        if (!Leave() || queue is null)
        {
            _now = Stopwatch.GetTimestamp();
        }

        if (_hold == Firm)
        {
            // If the hold is not firm, the monitor may read these fields now. Then ComeBack clears them, because it waits for the monitor.
            Forget();
        }

        Volatile.Write(ref _queue, null);
        Volatile.Write(ref _item, null);
    }

    private void Forget() => (Message, Sender, Failure, WasUnhandled) = (null, null, null, false);

    private void ReportTask(Exception fault)
    {
        if (!IsLost)
        {
            scheduler.Events.Publish(new Error(fault, "scheduler", typeof(Worker), $"A scheduled task failed: {fault.Message}"));
        }
    }
}
