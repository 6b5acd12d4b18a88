using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// Decides which actor runs where and for how long: a slice, then back to the end of a queue. An actor that is woken by one that
/// runs goes next at the same seat; one that is woken from outside, or for the runtime's own business, goes into a queue
/// that all share. A seat without work takes half of another's. <see cref="WorkerMonitor"/> sees to it that no message keeps a
/// seat.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>Messages in one slice at the most.</summary>
    public const int SliceMessages = 100;

    /// <summary>After how much time a slice ends, in ticks of the stopwatch: about a millisecond.</summary>
    public static readonly long SliceTicks = Stopwatch.Frequency / 1000;

    /// <summary>How often the shared queue goes before a seat's own.</summary>
    private const int SharedTurn = 61;

    /// <summary>Actors in urgent business that may go before one in ordinary business.</summary>
    private const int UrgentTurns = 16;

    private readonly RunQueue _shared = new();
    private readonly RunQueue _urgent = new();
    private readonly Seat[] _seats;
    private readonly SchedulingOptions _options;
    private readonly WorkerMonitor _monitor;

    public Dispatcher(ActorSystem system, SchedulingOptions options)
    {
        options.ThrowIfInvalid();
        _options = options;
        _seats = new Seat[options.Workers == 0 ? Environment.ProcessorCount : options.Workers];
        for (var i = 0; i < _seats.Length; i++)
        {
            _seats[i] = new Seat();
        }

        _monitor = new WorkerMonitor(this, system, options);
    }

    public bool Accounts => _options.Accounting;

    public IReadOnlyList<Seat> Seats => _seats;

    /// <summary>Changes with each look of the monitor: a clock that costs a slice one read.</summary>
    public long Looks => _monitor.Looks;

    public int Queued => _shared.Count + _urgent.Count + _seats.Sum(seat => seat.Queue.Count + (seat.HasNext ? 1 : 0));

    /// <summary>The actor has become runnable.</summary>
    public void Schedule(ActorCell cell)
    {
        if (Worker.Current is { } worker && worker.Dispatcher == this && worker.Seat is { } seat)
        {
            if (seat.ExchangeNext(cell) is { } displaced)
            {
                seat.Queue.Push(displaced);
                WakeIdle();
            }
        }
        else
        {
            PushTo(_shared, cell);
        }
    }

    /// <summary>The actor's slice is over, and it has more to do.</summary>
    public void ScheduleAgain(ActorCell cell)
    {
        PushTo(Worker.Current is { Seat: { } seat } worker && worker.Dispatcher == this ? seat.Queue : _shared, cell);
    }

    /// <summary>The actor has become runnable for the runtime's own business: a failure, a death, a stop. It goes before all others.</summary>
    public void ScheduleUrgent(ActorCell cell)
    {
        if (Worker.Current is { Seat: not null } worker && worker.Dispatcher == this)
        {
            Schedule(cell);
        }
        else
        {
            PushTo(_urgent, cell);
        }
    }

    /// <summary>Gives what would go next at this seat to whoever is idle: the one that runs goes on with its own messages.</summary>
    public void Share(Seat seat)
    {
        if (seat.ExchangeNext(null) is { } next)
        {
            _shared.Push(next);
            WakeIdle();
        }
    }

    /// <summary>The next actor for this seat, or null.</summary>
    public ActorCell? Find(Worker worker, Seat seat, long now)
    {
        var turn = seat.Turn++;
        var cell = (turn % UrgentTurns == 0 ? null : _urgent.Pop())
            ?? (turn % SharedTurn == 0 ? _shared.Pop() : null)
            ?? TakeNext(seat, now)
            ?? seat.Queue.Pop()
            ?? _shared.Pop()
            ?? _urgent.Pop()
            ?? Steal(worker, seat);
        if (cell is not null && EndSearch(worker) && HasQueued)
        {
            WakeIdle();
        }

        return cell;
    }

    /// <summary>Something that any seat could take. What goes next at a seat is that one's alone.</summary>
    public bool HasQueued
    {
        get
        {
            if (_shared.Count > 0 || _urgent.Count > 0)
            {
                return true;
            }

            foreach (var seat in _seats)
            {
                if (seat.Queue.Count > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public SchedulerInfo Inspect() => new(_seats.Length, Threads, _options.MaxThreads, Queued, _monitor.HeldUp());

    /// <summary>
    /// A worker without a seat may be set aside by the kernel at any place, for as long as many runaways take their turns: it holds no
    /// lock that others need, and leaves it to the monitor, which is awake while it exists, to wake somebody.
    /// </summary>
    private void PushTo(RunQueue queue, ActorCell cell)
    {
        if (Worker.Current is { Seat: null })
        {
            queue.HandIn(cell);
            return;
        }

        queue.Push(cell);
        WakeIdle();
    }

    private static ActorCell? TakeNext(Seat seat, long now)
    {
        if (!seat.HasNext)
        {
            seat.ChainStart = now;
            return null;
        }

        if (now - seat.ChainStart <= SliceTicks)
        {
            return seat.ExchangeNext(null);
        }

        // A chain of actors that wake one another is one slice together.
        seat.ChainStart = now;
        if (seat.ExchangeNext(null) is { } next)
        {
            seat.Queue.Push(next);
        }

        return null;
    }

    private ActorCell? Steal(Worker worker, Seat seat)
    {
        var loot = worker.Loot;
        foreach (var victim in _seats)
        {
            if (victim == seat || victim.Queue.TakeHalf(loot) is not (> 0 and var taken))
            {
                continue;
            }

            for (var i = 1; i < taken; i++)
            {
                seat.Queue.Push(loot[i]!);
            }

            var cell = loot[0];
            loot.AsSpan(0, taken).Clear();
            return cell;
        }

        return null;
    }
}
