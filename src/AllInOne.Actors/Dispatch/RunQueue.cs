using Akka.Dispatch;

namespace AllInOne.Actors;

/// <summary>
/// Actors that wait for a worker, first in, first out. Any thread may call, and every call is short. A thread that the kernel may preempt for
/// long must not hold the lock, so it uses <see cref="HandIn"/>.
/// </summary>
internal sealed class RunQueue
{
    private const int SmallestRing = 64;

    private readonly Lock _gate = new();
    private IRunnable?[] _ring = new IRunnable?[SmallestRing];
    private int _head;
    private int _count;
    private HandedIn? _handedIn;

    /// <summary>The number of waiting actors, readable without the lock. All handed in actors together count as one.</summary>
    public int Count => Volatile.Read(ref _count) + (Volatile.Read(ref _handedIn) is null ? 0 : 1);

    public void Push(IRunnable cell)
    {
        lock (_gate)
        {
            Add(cell);
        }
    }

    /// <summary>Adds an actor without the lock. The next thread that uses the queue moves it to its place.</summary>
    public void HandIn(IRunnable cell)
    {
        var mine = new HandedIn(cell);
        HandedIn? before;
        do
        {
            // Keep the value in a local: once the entry is linked, the thread that takes the list out reverses it.
            before = Volatile.Read(ref _handedIn);
            mine.Before = before;
        }
        while (Interlocked.CompareExchange(ref _handedIn, mine, before) != before);
    }

    public IRunnable? Pop()
    {
        if (Count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            AddHandedIn();
            return _count == 0 ? null : Take();
        }
    }

    /// <summary>Takes half of the waiting actors, but not more than fit into the span. Returns their number.</summary>
    public int TakeHalf(Span<IRunnable?> into)
    {
        if (Count == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            AddHandedIn();
            var taken = Math.Min((_count + 1) / 2, into.Length);
            for (var i = 0; i < taken; i++)
            {
                into[i] = Take();
            }

            return taken;
        }
    }

    private void Add(IRunnable cell)
    {
        if (_count == _ring.Length)
        {
            Resize(_ring.Length * 2);
        }

        _ring[(_head + _count) & (_ring.Length - 1)] = cell;
        _count++;
    }

    private void AddHandedIn()
    {
        if (Volatile.Read(ref _handedIn) is null)
        {
            return;
        }

        HandedIn? oldest = null;
        for (var each = Interlocked.Exchange(ref _handedIn, null); each is not null;)
        {
            (each.Before, oldest, each) = (oldest, each, each.Before);
        }

        for (; oldest is not null; oldest = oldest.Before)
        {
            Add(oldest.Cell);
        }
    }

    private IRunnable Take()
    {
        var cell = _ring[_head]!;
        _ring[_head] = null;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        if (_count == 0 && _ring.Length > 64 * SmallestRing)
        {
            // Shrinks again after a peak: a million actors that start at once need eight megabytes only while they wait.
            Resize(SmallestRing);
        }

        return cell;
    }

    private void Resize(int length)
    {
        var ring = new IRunnable?[length];
        for (var i = 0; i < _count; i++)
        {
            ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        (_ring, _head) = (ring, 0);
    }

    private sealed class HandedIn(IRunnable cell)
    {
        public IRunnable Cell => cell;

        public HandedIn? Before { get; set; }
    }
}
