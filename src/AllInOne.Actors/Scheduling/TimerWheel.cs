using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// The timers of the system: a wheel with a slot for each millisecond, and one thread that visits the slots. The timers of .NET use a clock
/// with a resolution of up to four milliseconds, and each check passes all timers that are due soon. Here a timer has the same cost for any
/// number of timers, and fires within about a millisecond. Timers after the current round wait in a coarse wheel with a slot for each round;
/// each of its slots moves into the fine wheel when its round begins. The thread sleeps until the next slot that holds a timer. Callbacks run
/// on this thread, so they only send messages, or pass longer work to another thread.
/// </summary>
internal sealed class TimerWheel : TimeProvider
{
    /// <summary>The number of slots of the fine wheel, each of one millisecond.</summary>
    private const int Slots = 2048;

    /// <summary>
    /// The number of slots of the coarse wheel, each of one round of the fine wheel: together more than an hour. Later timers wait there for more
    /// than one round.
    /// </summary>
    private const int CoarseSlots = 2048;

    /// <summary>The timers of one millisecond fire in the order in which they were placed.</summary>
    private static readonly Comparer<WheelTimer> InOrder = Comparer<WheelTimer>.Create((a, b) => a.Number.CompareTo(b.Number));

    private static readonly double TicksPerMillisecond = Stopwatch.Frequency / 1000.0;

    private readonly object _gate = new();
    private readonly WheelTimer?[] _slots = new WheelTimer?[Slots + CoarseSlots];
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _passed;
    private long _sleepsUntil;
    private long _placed;
    private int _coarse;
    private bool _stopped;

    /// <summary>
    /// Called with the reason if the thread of the wheel fails; no timer fires after that. Until it is set, such a fault ends the process.
    /// </summary>
    public Action<Exception>? Faulted { get; set; }

    /// <summary>Complete milliseconds since the wheel was created.</summary>
    public long Now => (long)((Stopwatch.GetTimestamp() - _start) / TicksPerMillisecond);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WheelTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves a timer into the slot of its time. A negative time removes the timer.</summary>
    public void Place(WheelTimer timer, long due)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            Unlink(timer);
            if (due < 0)
            {
                return;
            }

            // A timer that is already due fires with the next millisecond.
            (timer.Due, timer.Number) = (Math.Max(due, _passed + 1), _placed++);
            Link(timer);
            if (timer.Due < _sleepsUntil)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "actors-timers" }.UnsafeStart();

    /// <summary>Stops the thread. No timer fires after this.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Array.Clear(_slots);
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        try
        {
            FireTimers();
        }
#pragma warning disable CA1031 // The boundary of the thread: without timers the system must end.
        catch (Exception fault) when (Faulted is not null)
#pragma warning restore CA1031
        {
            Faulted(fault);
        }
    }

    private void FireTimers()
    {
        var due = new List<WheelTimer>();
        NativeThread.MakePrompt();
        while (true)
        {
            lock (_gate)
            {
                while (!_stopped && !TakeDue(due))
                {
                    SleepToNextSlot();
                }

                if (_stopped)
                {
                    return;
                }
            }

            foreach (var timer in due)
            {
                timer.Fire();
            }

            due.Clear();
        }
    }

    /// <summary>Passes all slots up to now; true if a timer is due in them.</summary>
    private bool TakeDue(List<WheelTimer> due)
    {
        var now = Now;
        for (var round = Math.Max((_passed / Slots) + 1, (now / Slots) - CoarseSlots + 1); round <= now / Slots; round++)
        {
            Empty(round);
        }

        // After a long sleep, one round passes every slot.
        for (var at = Math.Max(_passed + 1, now - Slots + 1); at <= now; at++)
        {
            var first = due.Count;
            for (var timer = _slots[at % Slots]; timer is not null;)
            {
                var next = timer.Next;
                if (timer.Due <= now)
                {
                    Unlink(timer);
                    due.Add(timer);
                }

                timer = next;
            }

            due.Sort(first, due.Count - first, InOrder);
        }

        _passed = now;
        return due.Count > 0;
    }

    /// <summary>Moves the timers of this round from the coarse wheel into the fine wheel.</summary>
    private void Empty(long round)
    {
        for (var timer = _slots[Slots + (round % CoarseSlots)]; timer is not null;)
        {
            var next = timer.Next;
            if (timer.Due / Slots <= round)
            {
                Unlink(timer);
                Link(timer, timer.Due % Slots);
            }

            timer = next;
        }
    }

    private void SleepToNextSlot()
    {
        // Do not sleep past the end of the round if the timers of the next round wait in the coarse wheel.
        var last = _coarse == 0 ? _passed + Slots : Math.Min(_passed + Slots, ((_passed / Slots) + 1) * Slots);
        var next = _passed + 1;
        while (next < last && _slots[next % Slots] is null)
        {
            next++;
        }

        _sleepsUntil = next;
        var wait = next - ((Stopwatch.GetTimestamp() - _start) / TicksPerMillisecond);
        if (wait >= 1)
        {
            Monitor.Wait(_gate, (int)wait);
        }
        else if (wait > 0)
        {
            // The rest of a millisecond, in which nothing else can become due.
            Monitor.Exit(_gate);
            NativeThread.Nap(TimeSpan.FromMilliseconds(wait));
            Monitor.Enter(_gate);
        }

        _sleepsUntil = 0;
    }

    private void Link(WheelTimer timer) =>
        Link(timer, timer.Due - _passed < Slots ? timer.Due % Slots : Slots + (timer.Due / Slots % CoarseSlots));

    private void Link(WheelTimer timer, long slot)
    {
        ref var first = ref _slots[slot];
        timer.Slot = (int)slot;
        timer.Next = first;
        if (first is not null)
        {
            first.Previous = timer;
        }

        first = timer;
        _coarse += slot >= Slots ? 1 : 0;
    }

    private void Unlink(WheelTimer timer)
    {
        if (timer.Slot < 0)
        {
            return;
        }

        if (timer.Next is { } next)
        {
            next.Previous = timer.Previous;
        }

        if (timer.Previous is { } previous)
        {
            previous.Next = timer.Next;
        }
        else
        {
            _slots[timer.Slot] = timer.Next;
        }

        _coarse -= timer.Slot >= Slots ? 1 : 0;
        timer.Slot = -1;
        timer.Next = timer.Previous = null;
    }
}

/// <summary>A timer of a <see cref="TimerWheel"/>. The wheel owns its slot and its time, under the lock of the wheel.</summary>
internal sealed class WheelTimer(TimerWheel wheel, TimerCallback callback, object? state) : ITimer
{
    private long _period;
    private volatile bool _disposed;

    public WheelTimer? Next { get; set; }

    public WheelTimer? Previous { get; set; }

    /// <summary>The due time in milliseconds of the wheel.</summary>
    public long Due { get; set; }

    /// <summary>The number of this placing in the order of all placings of the wheel.</summary>
    public long Number { get; set; }

    /// <summary>The slot that holds the timer; negative if none does.</summary>
    public int Slot { get; set; } = -1;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        _period = period == Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, Milliseconds(period));
        wheel.Place(this, dueTime == Timeout.InfiniteTimeSpan ? -1 : wheel.Now + 1 + Milliseconds(dueTime));
        return true;
    }

    /// <summary>Called by the wheel. A periodic timer keeps its grid, but missed ticks are not repeated in a burst.</summary>
    public void Fire()
    {
        if (_disposed)
        {
            return;
        }

        if (_period > 0)
        {
            wheel.Place(this, Due + _period);
        }

        callback(state);
    }

    public void Dispose()
    {
        _disposed = true;
        wheel.Place(this, -1);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Rounds up, so that a timer is never too early.</summary>
    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
