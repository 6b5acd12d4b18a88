using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// Decides which actor runs where and for how long: a slice, then back to the end of a queue. An actor that is woken by one that
/// runs goes next at the same seat; one that is woken from outside, or for the runtime's own business, goes into a queue
/// that all share. A seat without work takes half of another's. <see cref="WorkerMonitor"/> sees to it that no message keeps a
/// seat. Threads come when they are first needed and go with the system.
/// </summary>
internal sealed class Dispatcher
{
    /// <summary>Messages in one slice at the most.</summary>
    public const int SliceMessages = 100;

    /// <summary>After how much time a slice ends, in ticks of the stopwatch: about a millisecond.</summary>
    public static readonly long SliceTicks = Stopwatch.Frequency / 1000;

    /// <summary>How often the shared queue goes before a seat's own.</summary>
    private const int SharedTurn = 61;

    /// <summary>Actors in urgent business that may go before one in ordinary business.</summary>
    private const int UrgentTurns = 16;

    /// <summary>Together about 20 microseconds, a few times what a wake-up costs.</summary>
    private const int SpinRounds = 50;

    private const int SpinIterations = 10;

    private readonly RunQueue _shared = new();
    private readonly RunQueue _urgent = new();
    private readonly Seat[] _seats;
    private readonly List<Seat> _idle;
    private readonly Stack<Worker> _spares = new();
    private readonly List<Worker> _heldUp = [];
    private readonly Lock _gate = new();
    private readonly SchedulingOptions _options;
    private readonly WorkerMonitor _monitor;
    private int _idleCount;
    private int _searching;
    private int _threads;
    private int _threadNumber;
    private volatile bool _stopping;

    public Dispatcher(ActorSystem system, SchedulingOptions options)
    {
        options.ThrowIfInvalid();
        _options = options;
        _seats = new Seat[options.Workers == 0 ? Environment.ProcessorCount : options.Workers];
        for (var i = 0; i < _seats.Length; i++)
        {
            _seats[i] = new Seat();
        }

        _idle = [.. _seats];
        _idleCount = _seats.Length;
        _monitor = new WorkerMonitor(this, system, options);
    }

    /// <summary>Spare threads that are kept ready.</summary>
    private int Reserve => Math.Min(_options.SpareThreads, _options.MaxThreads / 4);

    public bool Accounts => _options.Accounting;

    public bool IsStopping => _stopping;

    public IReadOnlyList<Seat> Seats => _seats;

    public int Threads => Volatile.Read(ref _threads);

    public bool IsAllIdle => Volatile.Read(ref _idleCount) == _seats.Length;

    /// <summary>Somebody could run more than there is to run at his seat.</summary>
    public bool HasIdleSeat => Volatile.Read(ref _idleCount) > 0;

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
            _shared.Push(cell);
            WakeIdle();
        }
    }

    /// <summary>The actor's slice is over, and it has more to do.</summary>
    public void ScheduleAgain(ActorCell cell)
    {
        var queue = Worker.Current is { Seat: { } seat } worker && worker.Dispatcher == this ? seat.Queue : _shared;
        queue.Push(cell);
        WakeIdle();
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
            _urgent.Push(cell);
            WakeIdle();
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

    /// <summary>Sleeps until there is something to do, or the worker has lost its seat.</summary>
    public void Park(Worker worker, Seat seat)
    {
        if (SpinsInto(worker))
        {
            return;
        }

        EndSearch(worker);
        lock (_gate)
        {
            if (worker.Seat is null || _stopping)
            {
                return;
            }

            seat.IsIdle = true;
            _idle.Add(seat);
            _idleCount++;
        }

        // Whoever has pushed before this could not see the idle seat; so this looks once more, after the barrier.
        Interlocked.MemoryBarrier();
        if (HasQueued || seat.HasNext)
        {
            lock (_gate)
            {
                if (seat.IsIdle)
                {
                    seat.IsIdle = false;
                    _idle.Remove(seat);
                    _idleCount--;
                    return;
                }
            }
        }

        worker.Sleep();
    }

    /// <summary>For a worker that was replaced and is free again: waits as a spare. False when it is not needed any more.</summary>
    public bool AwaitSeat(Worker worker)
    {
        if (EndSearch(worker) && HasQueued)
        {
            // It was replaced while it was looking out for all the others.
            WakeIdle();
        }

        lock (_gate)
        {
            if (worker.Seat is not null)
            {
                return true;
            }

            _heldUp.Remove(worker);
            worker.HoldAgain();
            worker.Seen.Abandoned = null;
            if (worker.Seen.IsDemoted || _spares.Count >= Reserve || _stopping)
            {
                _threads--;
                return false;
            }

            if (worker.Seen.IsConfined)
            {
                NativeThread.Release(worker.ThreadId);
                worker.Seen.IsConfined = false;
            }

            _spares.Push(worker);
        }

        worker.Sleep();
        return true;
    }

    /// <summary>By the monitor: gives the seat of a worker that stays in its message to another one. Null: there may be no more threads.</summary>
    public bool? Replace(Seat seat, Worker worker)
    {
        lock (_gate)
        {
            if (seat.Worker != worker || seat.IsIdle || _stopping)
            {
                return false;
            }

            var waits = _spares.TryPop(out var fresh);
            if (!waits && _threads >= _options.MaxThreads)
            {
                return null;
            }

            worker.Seat = null;
            _heldUp.Add(worker);
            fresh ??= NewWorker();
            fresh.Seat = seat;
            seat.Worker = fresh;
            if (waits)
            {
                fresh.Wake();
            }
            else
            {
                fresh.Start();
            }

            return true;
        }
    }

    /// <summary>By the monitor: starts one more spare thread; false when there are enough.</summary>
    public bool AddSpare()
    {
        Worker spare;
        lock (_gate)
        {
            if (_spares.Count >= Reserve || _threads >= _options.MaxThreads || _stopping)
            {
                return false;
            }

            spare = NewWorker();
        }

        // Not under the lock: it takes until the thread runs.
        spare.Start();
        return true;
    }

    /// <summary>The workers that were replaced and are not back.</summary>
    public Worker[] HeldUp()
    {
        lock (_gate)
        {
            return [.. _heldUp];
        }
    }

    /// <summary>Wakes a sleeping seat if none is looking for work already.</summary>
    public void WakeIdle()
    {
        Interlocked.MemoryBarrier();
        if (_idleCount > 0 && _searching == 0)
        {
            WakeOne();
        }
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

    /// <summary>Ends all threads as soon as they are out of their actors.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            foreach (var worker in _seats.Select(seat => seat.Worker).OfType<Worker>().Concat(_spares))
            {
                worker.Wake();
            }
        }

        _monitor.Wake();
    }

    /// <summary>
    /// Looks out for work for a moment before sleep, so that a stream of single messages does not cost a wake-up each. One
    /// worker at a time does; while it does, nobody need be woken.
    /// </summary>
    private bool SpinsInto(Worker worker)
    {
        if (!worker.IsSearching)
        {
            if (Interlocked.CompareExchange(ref _searching, 1, 0) != 0)
            {
                return false;
            }

            worker.IsSearching = true;
        }

        for (var round = 0; round < SpinRounds; round++)
        {
            if (HasQueued)
            {
                return true;
            }

            Thread.SpinWait(SpinIterations);
        }

        return false;
    }

    /// <summary>From here on others are woken for new work. Whoever calls it looks at the queues once more afterwards.</summary>
    private bool EndSearch(Worker worker)
    {
        if (!worker.IsSearching)
        {
            return false;
        }

        worker.IsSearching = false;
        Interlocked.Decrement(ref _searching);
        return true;
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

    private void WakeOne()
    {
        lock (_gate)
        {
            if (_idle.Count == 0 || _stopping)
            {
                return;
            }

            var seat = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            _idleCount--;
            seat.IsIdle = false;
            Interlocked.Increment(ref _searching);
            if (seat.Worker is { } worker)
            {
                worker.IsSearching = true;
                worker.Wake();
            }
            else
            {
                seat.Worker = worker = NewWorker();
                worker.Seat = seat;
                worker.IsSearching = true;
                worker.Start();
            }
        }

        _monitor.WakeIfAsleep();
    }

    private Worker NewWorker()
    {
        _threads++;
        return new Worker(this, ++_threadNumber);
    }
}
