using System.Diagnostics;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// A thread that runs actors, one slice after another. While it has a seat it is one of those that share the processor; replaced, it
/// finishes the message in hand and then waits as a spare, or ends. <see cref="WorkerPool"/> decides what happens to it, but for one thing:
/// whether its actor is still its own. That is settled between this thread and the monitor by <see cref="_hold"/>.
/// </summary>
internal sealed class Worker(WorkScheduler scheduler, int number)
{
    /// <summary>The actor is this thread's.</summary>
    private const int Firm = 0;

    /// <summary>The monitor is about to take the actor: a thread that comes out of its code now waits for the outcome.</summary>
    private const int Loose = 1;

    /// <summary>The actor was taken.</summary>
    private const int Lost = 2;

    /// <summary>After how many messages the clock is read again.</summary>
    private const int ClockEvery = 16;

    [ThreadStatic]
    private static Worker? _current;

    private readonly WakeSignal _wake = new();
    private readonly Lock _away = new();
    private readonly bool _accounts = scheduler.Options.Accounting;
    private bool _isAway;
    private Seat? _seat;
    private IRunnable? _item;
    private FairMessageQueue? _queue;
    private long _progress;
    private long _looks;
    private int _count;
    private volatile int _hold;

    /// <summary>The worker of this thread; null on all others.</summary>
    public static Worker? Current => _current;

    /// <summary>Whether this thread is still in code of an actor that was taken from it: nothing that it does has an effect.</summary>
    public static bool IsOnLostThread => _current is { _hold: not Firm } worker && worker.IsSettledLost();

    public WorkScheduler Scheduler => scheduler;

    /// <summary>Its place; null when it was replaced or waits as a spare.</summary>
    public Seat? Seat
    {
        get => Volatile.Read(ref _seat);
        set => Volatile.Write(ref _seat, value);
    }

    /// <summary>A spare one whose thread has not run yet. Changed under the pool's lock.</summary>
    public bool IsNew { get; set; }

    /// <summary>The mailbox that it runs, or another task of Akka.NET; null between slices.</summary>
    public IRunnable? Item => Volatile.Read(ref _item);

    /// <summary>The queue of the actor that it runs.</summary>
    public FairMessageQueue? Queue => Volatile.Read(ref _queue);

    /// <summary>
    /// Grows whenever it enters or leaves an actor's code, or takes a message: odd inside. Unchanged between two looks, it is still in
    /// the same message.
    /// </summary>
    public long Progress => Volatile.Read(ref _progress);

    /// <summary>In ticks of the stopwatch.</summary>
    public long SliceStart { get; private set; }

    /// <summary>The message in hand, as it came (Akka.NET wraps some); null in the hooks of an actor.</summary>
    public object? Message { get; private set; }

    public IActorRef? Sender { get; private set; }

    /// <summary>How long the message has been in hand, give or take a look of the monitor.</summary>
    public TimeSpan InHandFor => Stopwatch.GetElapsedTime(Seen.Progress == Progress ? Seen.Since : SliceStart);

    /// <summary>The failure of the message in hand.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The actor did not handle the message in hand.</summary>
    public bool WasUnhandled { get; set; }

    public int ThreadId { get; private set; }

    /// <summary>What the monitor knows of the message in hand.</summary>
    public Observation Seen { get; } = new();

    /// <summary>It has been woken to look for work and has found none yet. Its own thread alone.</summary>
    public bool IsSearching { get; set; }

    /// <summary>A buffer for the actors that it takes from another seat.</summary>
    public IRunnable?[] Loot { get; } = new IRunnable?[32];

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"actors-{number}" }.UnsafeStart();

    public void Wake() => _wake.Call();

    public void Sleep() => _wake.Wait();

    /// <exception cref="InvalidOperationException">The actor was taken from this thread.</exception>
    public static void ThrowIfLost()
    {
        if (IsOnLostThread)
        {
            throw new InvalidOperationException("The actor that runs here was abandoned: what it does has no effect any more.");
        }
    }

    /// <summary>By the pool, as it takes the seat away.</summary>
    public void BeginAway() => _isAway = true;

    /// <summary>
    /// By the monitor: does something to this thread for the message that holds it up; false if it is coming back. The monitor never
    /// waits here: the thread may have the lowest priority.
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

    /// <summary>Out of the message that cost it its seat: undoes what was done to it for that. False if that cannot be undone.</summary>
    public bool ComeBack()
    {
        lock (_away)
        {
            _isAway = false;
            _hold = Firm;
            Seen.Abandoned = null;
            if (Seen.IsConfined && !Seen.IsDemoted)
            {
                NativeThread.Release(ThreadId);
                Seen.IsConfined = false;
            }

            return !Seen.IsDemoted;
        }
    }

    /// <summary>
    /// By the monitor: lets <paramref name="take"/> take the actor while a thread that comes out of its code waits for the outcome.
    /// </summary>
    /// <param name="seenAt">The progress at which it was seen; <paramref name="take"/> is to check it after each look.</param>
    /// <param name="take">Takes the actor; false if its code has returned meanwhile.</param>
    public bool TryLose(long seenAt, Func<bool> take)
    {
        _hold = Loose;

        // Either the monitor sees the progress of a thread that came out, or that thread sees that its hold is loose.
        Interlocked.MemoryBarrierProcessWide();
        var isTaken = Progress == seenAt && take();
        _hold = isTaken ? Lost : Firm;
        return isTaken;
    }

    /// <summary>By the queue, before it gives out a message: whether the slice continues.</summary>
    public bool MayTake()
    {
        if ((_hold != Firm && IsSettledLost()) || Seat is null)
        {
            return false;
        }

        var count = _count++;
        return count == 0
            || (count < WorkScheduler.SliceMessages
                && scheduler.Monitor.Looks == _looks
                && (count % ClockEvery != 0 || Stopwatch.GetTimestamp() - SliceStart <= WorkScheduler.SliceTicks));
    }

    /// <summary>By the queue: a message is in hand from here on.</summary>
    public void Begin(object message, IActorRef? sender)
    {
        if (_count > 1 && Seat is { HasNext: true } seat && scheduler.Pool.HasIdleSeat)
        {
            scheduler.Queues.Share(seat);
        }

        (Message, Sender) = (message, sender);
        Volatile.Write(ref _progress, (_progress + 2) | 1);
    }

    /// <summary>By the queue: the message in hand has ended.</summary>
    public void EndMessage() => Message = null;

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
#pragma warning disable CA1031 // The thread's boundary: a fault of the scheduler itself must not pass unseen.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            scheduler.GiveUp(new SchedulerFaultException(fault));
        }
    }

    private void RunSlices()
    {
        var clean = ExecutionContext.Capture();
        var now = Stopwatch.GetTimestamp();
        while (!scheduler.Pool.IsStopping)
        {
            if (Seat is not { } seat)
            {
                if (!scheduler.Pool.AwaitSeat(this))
                {
                    return;
                }

                now = Stopwatch.GetTimestamp();
            }
            else if (scheduler.Queues.Take(this, seat, now) is { } item)
            {
                now = RunSlice(item, now);
                if (clean is not null)
                {
                    // The next actor must not see the AsyncLocal values of this one.
                    ExecutionContext.Restore(clean);
                }
            }
            else
            {
                scheduler.Pool.Park(this, seat);
                now = Stopwatch.GetTimestamp();
            }
        }
    }

    private long RunSlice(IRunnable item, long now)
    {
        SliceStart = now;
        _count = 0;
        _looks = scheduler.Monitor.Looks;
        var queue = (item as Mailbox)?.MessageQueue as FairMessageQueue;
        Volatile.Write(ref _queue, queue);
        Volatile.Write(ref _item, item);
        Volatile.Write(ref _progress, (_progress + 2) | 1);

        try
        {
            item.Run();
        }
#pragma warning disable CA1031 // What a lost thread's code throws has no effect, and what another task throws is reported.
        catch (Exception fault) when (item is not Mailbox || IsOnLostThread)
#pragma warning restore CA1031
        {
            // A mailbox catches what its actor throws; what passes it is a fault of the runtime and ends the scheduler.
            ReportTask(fault);
        }

        Volatile.Write(ref _progress, (_progress + 1) & ~1);
        var end = Stopwatch.GetTimestamp();
        if (queue is not null && !IsOnLostThread)
        {
            queue.EndSlice(this, _accounts ? end - now : 0);
        }

        (Message, Sender, Failure, WasUnhandled) = (null, null, null, false);
        Volatile.Write(ref _queue, null);
        Volatile.Write(ref _item, null);
        return end;
    }

    private void ReportTask(Exception fault)
    {
        if (!IsOnLostThread)
        {
            scheduler.Events.Publish(new Error(fault, "scheduler", typeof(Worker), $"A scheduled task failed: {fault.Message}"));
        }
    }
}
