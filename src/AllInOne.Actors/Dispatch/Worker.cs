using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// A thread that runs actors, one slice after another. While it has a seat it is one of those that share the processor;
/// replaced, it finishes the message in hand and then waits as a spare, or ends. What happens to it is decided under the
/// dispatcher's lock, but for one thing: whether its actor is still its own when the actor's code returns is settled between
/// this thread and the monitor by <see cref="_hold"/> alone, at the cost of one read where nobody wants to take it.
/// </summary>
internal sealed class Worker(Dispatcher dispatcher, int number)
{
    /// <summary>The actor is this thread's.</summary>
    private const int Firm = 0;

    /// <summary>The monitor is about to take it, if the thread is still in the actor's code.</summary>
    private const int Loose = 1;

    /// <summary>It was taken.</summary>
    private const int Lost = 2;

    [ThreadStatic]
    private static Worker? _current;

    private readonly WakeSignal _wake = new();
    private readonly Lock _away = new();
    private bool _isAway;
    private bool _isHolding;
    private Seat? _seat;
    private ActorCell? _cell;
    private long _progress;
    private int _hold;

    /// <summary>The worker of this thread; null on all others.</summary>
    public static Worker? Current => _current;

    /// <summary>Whether this thread is still in code of an actor that was taken from it: nothing that it does has an effect.</summary>
    public static bool IsOnLostThread => _current is { IsLost: true };

    public Dispatcher Dispatcher => dispatcher;

    /// <summary>Whether actors keep account of what they do.</summary>
    public bool Accounts { get; } = dispatcher.Accounts;

    /// <summary>Its place; null when it was replaced or waits as a spare.</summary>
    public Seat? Seat
    {
        get => Volatile.Read(ref _seat);
        set => Volatile.Write(ref _seat, value);
    }

    /// <summary>The actor that it runs; null between slices, and from the moment in which that actor was abandoned.</summary>
    public ActorCell? Cell => Volatile.Read(ref _cell);

    /// <summary>
    /// Grows whenever it enters or leaves an actor's code: odd inside, even in the runtime's own. Unchanged between two looks, it
    /// is still in the same message.
    /// </summary>
    public long Progress => Volatile.Read(ref _progress);

    public long SliceStart { get; private set; }

    public int ThreadId { get; private set; }

    /// <summary>What the monitor knows of the message in hand.</summary>
    public Observation Seen { get; } = new();

    /// <summary>It has been woken to look for work and has found none yet. Its own thread alone.</summary>
    public bool IsSearching { get; set; }

    private bool IsLost => Volatile.Read(ref _hold) == Lost;

    /// <summary>Where it puts what it steals for a moment.</summary>
    public ActorCell?[] Loot { get; } = new ActorCell?[32];

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"actors-{number}" }.UnsafeStart();

    public void Wake() => _wake.Call();

    public void Sleep() => _wake.Wait();

    /// <summary>Before code of the actor.</summary>
    public void Enter() => Volatile.Write(ref _progress, (_progress + 2) | 1);

    /// <summary>After code of the actor, before anything of the cell is touched. From here on the actor cannot be taken.</summary>
    /// <exception cref="AbandonedSliceException">It was taken meanwhile.</exception>
    public void Leave()
    {
        Volatile.Write(ref _progress, (_progress + 1) & ~1);
        if (!IsHeld())
        {
            throw AbandonedSliceException.Instance;
        }
    }

    /// <summary>From within an actor's code, round what changes its cell: the actor is not taken from this thread meanwhile.</summary>
    /// <exception cref="InvalidOperationException">It was taken before.</exception>
    public static Grip Hold()
    {
        if (_current is not { } worker)
        {
            return default;
        }

        var outer = worker._isHolding;
        Volatile.Write(ref worker._isHolding, true);
        if (!worker.IsHeld())
        {
            Volatile.Write(ref worker._isHolding, outer);
            throw new InvalidOperationException("The actor that runs here was abandoned: what it does has no effect any more.");
        }

        return new Grip(outer ? null : worker);
    }

    /// <exception cref="InvalidOperationException">The actor was taken from this thread.</exception>
    public static void ThrowIfLost() => Hold().Dispose();

    /// <summary>By the dispatcher, as it takes the seat away.</summary>
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

    /// <summary>Out of the message that cost it its seat: what was done to it for that is undone. False if it cannot be.</summary>
    public bool ComeBack()
    {
        lock (_away)
        {
            _isAway = false;
            Volatile.Write(ref _hold, Firm);
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
    /// By the monitor: takes the actor, if the thread is still where it was seen; null if its code has returned meanwhile. The barrier
    /// makes sure that either this sees it leave, or it sees on leaving that its hold is no longer firm.
    /// </summary>
    public ActorCell? TryAbandon(long seenAt)
    {
        if (!long.IsOddInteger(seenAt) || Interlocked.CompareExchange(ref _hold, Loose, Firm) != Firm)
        {
            return null;
        }

        Interlocked.MemoryBarrierProcessWide();
        var (cell, held) = (Cell, Progress == seenAt && !Volatile.Read(ref _isHolding) ? Lost : Firm);
        if (cell is null || Interlocked.CompareExchange(ref _hold, held, Loose) != Loose || held != Lost)
        {
            return null;
        }

        Volatile.Write(ref _cell, null);
        return cell;
    }

    /// <summary>After the write that tells the monitor to leave the actor here: whether it has not taken it before.</summary>
    private bool IsHeld() => Volatile.Read(ref _hold) == Firm || Interlocked.CompareExchange(ref _hold, Firm, Loose) != Lost;

    private void Run()
    {
        _current = this;
        ThreadId = NativeThread.CurrentId;
        var clean = ExecutionContext.Capture();
        var now = Stopwatch.GetTimestamp();
        while (!dispatcher.IsStopping)
        {
            if (Seat is not { } seat)
            {
                if (!dispatcher.AwaitSeat(this))
                {
                    return;
                }

                now = Stopwatch.GetTimestamp();
            }
            else if (dispatcher.Find(this, seat, now) is { } cell)
            {
                now = RunSlice(cell, now);
                if (clean is not null)
                {
                    // What the actor has set of AsyncLocal values is not the next one's.
                    ExecutionContext.Restore(clean);
                }
            }
            else
            {
                dispatcher.Park(this, seat);
                now = Stopwatch.GetTimestamp();
            }
        }
    }

    private long RunSlice(ActorCell cell, long now)
    {
        SliceStart = now;

        // A slice of nothing but the runtime's own messages is progress too.
        Volatile.Write(ref _progress, _progress + 2);
        Volatile.Write(ref _cell, cell);
        try
        {
            return cell.RunSlice(this);
        }
        catch (AbandonedSliceException)
        {
            return Stopwatch.GetTimestamp();
        }
        finally
        {
            Volatile.Write(ref _cell, null);
        }
    }

    /// <summary>Until it is disposed of, the actor is this thread's.</summary>
    public readonly ref struct Grip(Worker? worker)
    {
        public void Dispose()
        {
            if (worker is not null)
            {
                Volatile.Write(ref worker._isHolding, false);
            }
        }
    }
}
