using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// The threads of one scheduler and their states. A thread has a seat, sleeps, waits as a spare, or is blocked by the message for which it
/// lost its seat. All states change under one lock. No thread holds this lock while it runs an actor.
/// </summary>
internal sealed class WorkerPool(WorkScheduler scheduler)
{
    /// <summary>How long the pool waits after a thread could not be started, before it starts another.</summary>
    private static readonly TimeSpan ThreadRetry = TimeSpan.FromSeconds(1);

    /// <summary>After this many threads in a row that could not be started, the pool counts as exhausted.</summary>
    private const int MostRefusals = 3;

    private readonly List<Seat> _idle = [];
    private readonly Stack<Worker> _spares = new();
    private readonly WorkSearch _search = new();
    private readonly Lock _gate = new();
    private int _workers;
    private int _idleCount;
    private int _threads;
    private int _threadNumber;
    private int _starting;
    private long _refusedAt;
    private int _refusals;

    /// <summary>
    /// The blocked workers. The array is replaced under the lock and never changed in place, because the inspection of many actors reads it for each
    /// of them.
    /// </summary>
    private volatile Worker[] _heldUp = [];
    private volatile bool _stopping;

    /// <summary>How many actors run at the same time.</summary>
    public int Workers => Volatile.Read(ref _workers);

    public bool IsStopping => _stopping;

    /// <summary>All threads, including spare and blocked threads.</summary>
    public int Threads => Volatile.Read(ref _threads);

    public bool IsAllIdle => Volatile.Read(ref _idleCount) == Workers;

    public bool HasIdleSeat => Volatile.Read(ref _idleCount) > 0;

    /// <summary>The maximum number of workers that run at the same time. One thread is reserved to replace a blocked thread.</summary>
    public int MaxWorkers => Math.Min(scheduler.Queues.Seats.Length, Options.MaxThreads - 1);

    /// <summary>Open seats that have no thread yet.</summary>
    private int EmptySeats
    {
        get
        {
            var count = 0;
            foreach (var seat in scheduler.Queues.Seats[..Workers])
            {
                count += seat.Worker is null ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Whether no more threads are allowed, or the operating system has refused several. Only for the monitor.</summary>
    private bool IsExhausted => Threads >= Options.MaxThreads || _refusals >= MostRefusals;

    private SchedulingOptions Options => scheduler.Options;

    /// <summary>
    /// Opens or closes seats. The worker of a closed seat completes its message and leaves the seat; other seats take its waiting actors. Spare
    /// threads take the opened seats. If there are no spare threads, the monitor starts new ones, because the caller may have the lowest
    /// priority. If no more threads are allowed, a seat stays empty until a blocked thread returns.
    /// </summary>
    /// <param name="workers">1 to <see cref="MaxWorkers"/>.</param>
    public void Resize(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workers, MaxWorkers);
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            for (var place = workers; place < _workers; place++)
            {
                Close(scheduler.Queues.Seats[place]);
            }

            Volatile.Write(ref _workers, workers);
            while (EmptySeats > 0 && _spares.TryPop(out var spare))
            {
                TakeEmptySeat(spare);
                spare.Wake();
            }
        }

        scheduler.Monitor.Wake();
        if (scheduler.Queues.HasWork)
        {
            WakeIdle();
        }
    }

    /// <summary>Sleeps until there is work, or the worker has lost its seat.</summary>
    public void Park(Worker worker, Seat seat)
    {
        if (_search.SpinsInto(worker))
        {
            return;
        }

        _search.End(worker);
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

        // A thread that pushed work before this could not see the idle seat. So this thread checks the queues once more, after the barrier.
        Interlocked.MemoryBarrier();
        if ((scheduler.Queues.HasWork || seat.HasNext) && TakeBack(seat))
        {
            // The monitor may have gone to sleep before this, because it saw all seats idle.
            scheduler.Monitor.WakeIfAsleep();
            return;
        }

        worker.Sleep();
    }

    /// <summary>Called by a worker without a seat: waits as a spare. False if its thread is no longer needed.</summary>
    public bool AwaitSeat(Worker worker)
    {
        _search.End(worker);
        if (!worker.ComeBack())
        {
            // A thread of the lowest priority must not take the lock. The monitor is awake while such threads exist, and removes the worker.
            worker.IsGone = true;
            return false;
        }

        if (scheduler.Queues.HasWork)
        {
            // The worker may have lost its seat while it searched for work for all workers.
            WakeIdle();
        }

        lock (_gate)
        {
            if (worker.Seat is not null)
            {
                return true;
            }

            if (worker.IsNew)
            {
                worker.IsNew = false;
                _starting--;
            }

            _heldUp = [.. _heldUp.Where(other => other != worker)];
            if (EmptySeats > 0)
            {
                TakeEmptySeat(worker);
                return true;
            }

            if (_spares.Count >= Options.Reserve || _stopping)
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
    /// Called by the monitor: gives the seat of a worker that stays in its message to a spare worker. Null if there is no spare worker and no
    /// more threads are allowed.
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
                HoldUp(worker);
                SeatWorker(seat, fresh);
                fresh.Wake();
                return true;
            }

            if (_starting > 0)
            {
                return false;
            }
        }

        return AddSpare() || !IsExhausted ? false : null;
    }

    /// <summary>Called by the monitor: removes a worker whose thread has ended with the lowest priority.</summary>
    public void Remove(Worker gone)
    {
        lock (_gate)
        {
            _heldUp = [.. _heldUp.Where(other => other != gone)];
            _threads--;
        }
    }

    /// <summary>Called by the monitor: starts one more spare thread. False if there are enough, or no more threads are allowed.</summary>
    public bool AddSpare()
    {
        Worker spare;
        lock (_gate)
        {
            if (_spares.Count + _starting >= Math.Max(Options.Reserve, EmptySeats) || _threads >= Options.MaxThreads || _stopping
                || (_refusedAt != 0 && Stopwatch.GetElapsedTime(_refusedAt) < ThreadRetry))
            {
                return false;
            }

            spare = NewWorker();
            spare.IsNew = true;
            _starting++;
        }

        try
        {
            // Not under the lock, because Start returns only after the thread has begun to run.
            spare.Start();
            _refusals = 0;
            return true;
        }
        catch (Exception refused) when (refused is OutOfMemoryException or ThreadStartException)
        {
            lock (_gate)
            {
                _threads--;
                _starting--;
                _refusals++;
                _refusedAt = Stopwatch.GetTimestamp();
            }

            return false;
        }
    }

    /// <summary>Called by the monitor: starts threads for the empty seats.</summary>
    public void FillSeats()
    {
        while (EmptySeats > Volatile.Read(ref _starting) && AddSpare())
        {
        }
    }

    /// <summary>The workers that lost their seat during a message and still run this message.</summary>
    public IReadOnlyList<Worker> HeldUp => _heldUp;

    /// <summary>Called by a worker that has found work: wakes other workers for the remaining work.</summary>
    public void EndSearch(Worker worker)
    {
        if (_search.End(worker) && scheduler.Queues.HasWork)
        {
            WakeIdle();
        }
    }

    /// <summary>Wakes the worker of a sleeping seat, unless a worker searches for work already.</summary>
    public void WakeIdle()
    {
        Interlocked.MemoryBarrier();
        if (_idleCount > 0 && !_search.IsOn)
        {
            WakeOne();
        }
    }

    /// <summary>Stops all threads as soon as they have left their actors.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            foreach (var seat in scheduler.Queues.Seats)
            {
                seat.Worker?.Wake();
            }

            foreach (var spare in _spares)
            {
                spare.Wake();
            }
        }
    }

    /// <summary>Ends the idle state of a seat before its worker sleeps. False if another thread has already woken the seat.</summary>
    private bool TakeBack(Seat seat)
    {
        lock (_gate)
        {
            return EndIdle(seat);
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
            EndIdle(seat);
            _search.Join(seat.Worker!);
            seat.Worker!.Wake();
        }

        scheduler.Monitor.WakeIfAsleep();
    }

    private void Close(Seat seat)
    {
        if (EndIdle(seat))
        {
            seat.Worker!.Seat = null;
            seat.Worker.Wake();
        }
        else if (seat.Worker is { } worker)
        {
            HoldUp(worker);
        }

        seat.Worker = null;
    }

    private void TakeEmptySeat(Worker worker)
    {
        var place = 0;
        while (scheduler.Queues.Seats[place].Worker is not null)
        {
            place++;
        }

        SeatWorker(scheduler.Queues.Seats[place], worker);
    }

    private bool EndIdle(Seat seat)
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

    private void HoldUp(Worker worker)
    {
        worker.BeginAway();
        worker.Seat = null;
        _heldUp = [.. _heldUp, worker];
    }

    private static void SeatWorker(Seat seat, Worker worker) => (worker.Seat, seat.Worker) = (seat, worker);

    private Worker NewWorker()
    {
        _threads++;
        return new Worker(scheduler, ++_threadNumber);
    }
}
