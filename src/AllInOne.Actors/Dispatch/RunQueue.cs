namespace AllInOne.Actors;

/// <summary>Actors that wait for a worker, first in, first out. Any thread; no call takes longer than a few moves.</summary>
internal sealed class RunQueue
{
    private const int SmallestRing = 64;

    private readonly Lock _gate = new();
    private ActorCell?[] _ring = new ActorCell?[SmallestRing];
    private int _head;
    private int _count;

    /// <summary>Readable without the lock.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Push(ActorCell cell)
    {
        lock (_gate)
        {
            if (_count == _ring.Length)
            {
                Resize(_ring.Length * 2);
            }

            _ring[(_head + _count) & (_ring.Length - 1)] = cell;
            _count++;
        }
    }

    public ActorCell? Pop()
    {
        if (Count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            return _count == 0 ? null : Take();
        }
    }

    /// <summary>Takes half of what is there, at most as many as fit; answers how many.</summary>
    public int TakeHalf(Span<ActorCell?> into)
    {
        if (Count == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            var taken = Math.Min((_count + 1) / 2, into.Length);
            for (var i = 0; i < taken; i++)
            {
                into[i] = Take();
            }

            return taken;
        }
    }

    private ActorCell Take()
    {
        var cell = _ring[_head]!;
        _ring[_head] = null;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        if (_count == 0 && _ring.Length > 64 * SmallestRing)
        {
            // A crowd has passed: a million actors that started at once need eight megabytes only while they wait.
            Resize(SmallestRing);
        }

        return cell;
    }

    private void Resize(int length)
    {
        var ring = new ActorCell?[length];
        for (var i = 0; i < _count; i++)
        {
            ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        (_ring, _head) = (ring, 0);
    }
}
