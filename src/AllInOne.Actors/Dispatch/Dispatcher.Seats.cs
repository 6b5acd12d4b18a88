using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>Who sits where: sleeping and waking, and what becomes of a thread that has lost its seat.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>Together about 20 microseconds, a few times what a wake-up costs.</summary>
    private const int SpinRounds = 50;

    private const int SpinIterations = 10;

    /// <summary>How long no further thread is tried where one could not be had.</summary>
    private static readonly TimeSpan ThreadRetry = TimeSpan.FromSeconds(1);

    private readonly List<Seat> _idle = [];
    private readonly Stack<Worker> _spares = new();
    private readonly List<Worker> _heldUp = [];
    private readonly Lock _gate = new();
    private int _idleCount;
    private int _searching;
    private int _threads;
    private int _threadNumber;
    private int _starting;
    private long _refusedAt;
    private volatile bool _stopping;

    /// <summary>Spare threads that are kept ready.</summary>
    private int Reserve => Math.Min(_options.SpareThreads, _options.MaxThreads / 4);

    public bool IsStopping => _stopping;

    public int Threads => Volatile.Read(ref _threads);

    public bool IsAllIdle => Volatile.Read(ref _idleCount) == _seats.Length;

    /// <summary>Somebody could run more than there is to run at his seat.</summary>
    public bool HasIdleSeat => Volatile.Read(ref _idleCount) > 0;

    /// <summary>Starts the threads. By nobody's Tell: a thread inherits the lowest priority from one that was demoted.</summary>
    public void Start()
    {
        foreach (var seat in _seats)
        {
            seat.Worker = NewWorker();
            seat.Worker.Seat = seat;
            seat.Worker.Start();
        }

        _monitor.Start();
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
        if ((HasQueued || seat.HasNext) && TakeBack(seat))
        {
            // It may have lain down meanwhile, seeing all seats idle.
            _monitor.WakeIfAsleep();
            return;
        }

        worker.Sleep();
    }

    /// <summary>For a worker without a seat: waits as a spare. False when it is not needed any more.</summary>
    public bool AwaitSeat(Worker worker)
    {
        if (EndSearch(worker) && HasQueued)
        {
            // It was replaced while it was looking out for all the others.
            WakeIdle();
        }

        var isFit = worker.ComeBack();
        lock (_gate)
        {
            if (worker.Seat is not null)
            {
                return true;
            }

            if (!_heldUp.Remove(worker))
            {
                _starting--;
            }

            if (!isFit || _spares.Count >= Reserve || _stopping)
            {
                _threads--;
                return false;
            }

            _spares.Push(worker);
        }

        worker.Sleep();
        return true;
    }

    /// <summary>
    /// By the monitor: gives the seat of a worker that stays in its message to a spare one. Null: there is none, and there may be no
    /// more threads.
    /// </summary>
    public bool? Replace(Seat seat, Worker worker)
    {
        lock (_gate)
        {
            if (seat.Worker != worker || seat.IsIdle || _stopping)
            {
                return false;
            }

            if (_spares.TryPop(out var fresh))
            {
                worker.BeginAway();
                worker.Seat = null;
                _heldUp.Add(worker);
                fresh.Seat = seat;
                seat.Worker = fresh;
                fresh.Wake();
                return true;
            }

            if (_starting > 0)
            {
                return false;
            }
        }

        return AddSpare() ? false : null;
    }

    /// <summary>By the monitor: starts one more spare thread; false when there are enough, or there may be no more.</summary>
    public bool AddSpare()
    {
        Worker spare;
        lock (_gate)
        {
            if (_spares.Count + _starting >= Reserve || _threads >= _options.MaxThreads || _stopping
                || (_refusedAt != 0 && Stopwatch.GetElapsedTime(_refusedAt) < ThreadRetry))
            {
                return false;
            }

            spare = NewWorker();
            _starting++;
        }

        try
        {
            // Not under the lock: it takes until the thread runs.
            spare.Start();
            return true;
        }
        catch (Exception refused) when (refused is OutOfMemoryException or ThreadStartException)
        {
            lock (_gate)
            {
                _threads--;
                _starting--;
                _refusedAt = Stopwatch.GetTimestamp();
            }

            return false;
        }
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

    /// <summary>False when somebody has woken the seat already.</summary>
    private bool TakeBack(Seat seat)
    {
        lock (_gate)
        {
            if (!seat.IsIdle)
            {
                return false;
            }

            seat.IsIdle = false;
            _idle.Remove(seat);
            _idleCount--;
            return true;
        }
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
            seat.Worker!.IsSearching = true;
            seat.Worker.Wake();
        }

        _monitor.WakeIfAsleep();
    }

    private Worker NewWorker()
    {
        _threads++;
        return new Worker(this, ++_threadNumber);
    }
}
