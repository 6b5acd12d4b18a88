using Akka.Dispatch;

namespace AllInOne.Actors;

/// <summary>
/// The actors that wait for a worker. If a running actor wakes another actor, that one runs next at the same seat. An actor that is woken
/// from outside goes into a shared queue. An actor with an urgent system message (a failure, a termination, a stop) goes into the urgent
/// queue. A seat without work takes half of the queue of another seat.
/// </summary>
internal sealed class RunQueues
{
    /// <summary>The shared queue comes before the queue of a seat once in this many turns.</summary>
    private const int SharedTurn = 61;

    /// <summary>How many urgent actors may run before one ordinary actor runs.</summary>
    private const int UrgentTurns = 16;

    private readonly RunQueue _shared = new();
    private readonly RunQueue _urgent = new();
    private readonly Seat[] _seats;

    public RunQueues(int seats) => _seats = [.. Enumerable.Range(0, seats).Select(_ => new Seat())];

    /// <summary>The threads to wake for new work. Set once, before the first actor is added.</summary>
    public WorkerPool Pool { get; set; } = null!;

    /// <summary>All seats, including seats without a worker.</summary>
    public ReadOnlySpan<Seat> Seats => _seats;

    public int Count
    {
        get
        {
            var count = _shared.Count + _urgent.Count;
            foreach (var seat in _seats)
            {
                count += seat.Queue.Count + (seat.HasNext ? 1 : 0);
            }

            return count;
        }
    }

    /// <summary>Whether an actor waits that any seat could take. The next actor of a seat does not count: only that seat can take it.</summary>
    public bool HasWork
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

    /// <param name="item">The actor.</param>
    /// <param name="urgent">It comes before all others.</param>
    /// <param name="current">The worker of this thread, if it is one.</param>
    public void Add(IRunnable item, bool urgent, Worker? current)
    {
        if (current is not { Seat: { } seat } || current.Scheduler.Queues != this)
        {
            PushTo(urgent ? _urgent : _shared, item);
        }
        else if (ReferenceEquals(current.Item, item))
        {
            // The slice of this actor is over, and it has more messages.
            PushTo(urgent ? _urgent : QueueFor(item, seat), item);
        }
        else if (urgent && seat.HasNext)
        {
            PushTo(_urgent, item);
        }
        else if (seat.ExchangeNext(item) is { } displaced)
        {
            PushTo(QueueFor(displaced, seat), displaced);
        }
    }

    /// <summary>Gives the next actor of this seat to an idle seat, because the running actor of this seat continues with its own messages.</summary>
    public void Share(Seat seat)
    {
        if (seat.ExchangeNext(null) is { } next)
        {
            PushTo(IsUrgent(next) ? _urgent : _shared, next);
        }
    }

    /// <summary>The next actor for this seat, or null.</summary>
    public IRunnable? Take(Worker worker, Seat seat, long now)
    {
        var turn = seat.Turn++;
        var item = (turn % UrgentTurns == 0 ? null : _urgent.Pop())
            ?? (turn % SharedTurn == 0 ? _shared.Pop() : null)
            ?? TakeNext(seat, now)
            ?? seat.Queue.Pop()
            ?? _shared.Pop()
            ?? _urgent.Pop()
            ?? Steal(worker, seat);
        if (item is not null)
        {
            Pool.EndSearch(worker);
        }

        return item;
    }

    /// <summary>The queue for an actor that is not the next one at its seat.</summary>
    private RunQueue QueueFor(IRunnable item, Seat seat) => IsUrgent(item) ? _urgent : seat.Queue;

    private static bool IsUrgent(IRunnable item) => item is Mailbox { Dispatcher: FairDispatcher { IsUrgent: true } };

    /// <summary>
    /// The kernel may preempt a worker without a seat at any point, for as long as many runaway threads take their turns. So such a worker
    /// takes no lock that other threads need, and wakes no thread. The monitor is awake while such a worker exists, and wakes threads for it.
    /// </summary>
    private void PushTo(RunQueue queue, IRunnable item)
    {
        if (Worker.Current is { Seat: null })
        {
            queue.HandIn(item);
            return;
        }

        queue.Push(item);
        Pool.WakeIdle();
    }

    private IRunnable? TakeNext(Seat seat, long now)
    {
        if (!seat.HasNext)
        {
            seat.ChainStart = now;
            return null;
        }

        if (now - seat.ChainStart <= WorkScheduler.SliceTicks)
        {
            return seat.ExchangeNext(null);
        }

        // A chain of actors that wake one another shares one slice.
        seat.ChainStart = now;
        if (seat.ExchangeNext(null) is { } next)
        {
            QueueFor(next, seat).Push(next);
        }

        return null;
    }

    private IRunnable? Steal(Worker worker, Seat seat)
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

            var item = loot[0];
            loot.AsSpan(0, taken).Clear();
            return item;
        }

        return null;
    }
}
