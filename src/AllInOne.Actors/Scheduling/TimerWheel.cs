using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// The system's clock with timers of its own: a wheel with a slot for each millisecond, and one thread that goes round. The
/// timers of .NET go by a clock that may be four milliseconds coarse, and each look at them passes all that are due soon; here a
/// timer costs the same however many there are, and goes off within about a millisecond. The thread begins with the first
/// timer and sleeps to the next slot that holds one. Callbacks run on it: they only tell, or hand on what takes longer.
/// </summary>
internal sealed class TimerWheel : TimeProvider
{
    private const int Slots = 2048;

    private static readonly double TicksPerMillisecond = Stopwatch.Frequency / 1000.0;

    private readonly object _gate = new();
    private readonly WheelTimer?[] _slots = new WheelTimer?[Slots];
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _passed;
    private long _sleepsUntil;
    private bool _started;
    private bool _stopped;

    /// <summary>Milliseconds since the wheel was made, the one that runs left out.</summary>
    public long Now => (long)((Stopwatch.GetTimestamp() - _start) / TicksPerMillisecond);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WheelTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Puts a timer into the slot of its time, taking it from where it was; a negative time takes it out.</summary>
    public void Place(WheelTimer timer, long due)
    {
        lock (_gate)
        {
            Unlink(timer);
            if (due < 0 || _stopped)
            {
                return;
            }

            // What is due already goes with the next millisecond.
            Link(timer, Math.Max(due, _passed + 1));
            if (!_started)
            {
                _started = true;
                new Thread(Run) { IsBackground = true, Name = "actors-timers" }.UnsafeStart();
            }
            else if (timer.Due < _sleepsUntil)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Ends the thread; no timer goes off any more.</summary>
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
        // After a long sleep one round shows every slot.
        var now = Now;
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

            // The last one placed is the first in its slot.
            due.Reverse(first, due.Count - first);
        }

        _passed = now;
        return due.Count > 0;
    }

    private void SleepToNextSlot()
    {
        var next = _passed + 1;
        while (next < _passed + Slots && _slots[next % Slots] is null)
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

    private void Link(WheelTimer timer, long due)
    {
        ref var first = ref _slots[due % Slots];
        timer.Due = due;
        timer.IsLinked = true;
        timer.Next = first;
        if (first is not null)
        {
            first.Previous = timer;
        }

        first = timer;
    }

    private void Unlink(WheelTimer timer)
    {
        if (!timer.IsLinked)
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
            _slots[timer.Due % Slots] = timer.Next;
        }

        timer.IsLinked = false;
        timer.Next = timer.Previous = null;
    }
}

/// <summary>A timer of a <see cref="TimerWheel"/>; its links and its time are the wheel's, under its lock.</summary>
internal sealed class WheelTimer(TimerWheel wheel, TimerCallback callback, object? state) : ITimer
{
    private long _period;
    private volatile bool _disposed;

    public WheelTimer? Next { get; set; }

    public WheelTimer? Previous { get; set; }

    public long Due { get; set; }

    public bool IsLinked { get; set; }

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

    /// <summary>By the wheel. A timer that comes again keeps its grid, but what was missed is not made good in a burst.</summary>
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

    /// <summary>Rounded up: never too early.</summary>
    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
