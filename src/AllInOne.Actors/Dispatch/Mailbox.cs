namespace AllInOne.Actors;

/// <summary>
/// The user messages of one actor: many producers push on a lock-free stack; the one consumer takes all of it at once and
/// turns it into the pending list. One compare-and-swap per message, no memory when empty. Two marks stand in for the
/// stack's top: <c>Idle</c> (empty and nobody scheduled: whoever swaps it away schedules the actor) and <c>Closed</c>.
/// </summary>
internal struct Mailbox
{
    private static readonly Envelope Idle = new(nameof(Idle), null);
    private static readonly Envelope Closed = new(nameof(Closed), null);

    private Envelope? _inbox;
    private Envelope? _pendingFirst;
    private Envelope? _pendingLast;
    private int _pendingCount;

    public readonly bool IsClosed => ReferenceEquals(_inbox, Closed);

    /// <summary>Messages waiting, readable from any thread.</summary>
    public readonly int Count => Volatile.Read(in _pendingCount) + DepthOf(_inbox);

    /// <summary>For the consumer: something to take.</summary>
    public readonly bool HasMessages => _pendingFirst is not null || DepthOf(Volatile.Read(in _inbox)) > 0;

    /// <summary>Any thread. False when closed; <paramref name="wakes"/> says that the caller must schedule the actor.</summary>
    public bool TryPush(Envelope envelope, out bool wakes)
    {
        var top = Volatile.Read(ref _inbox);
        while (!ReferenceEquals(top, Closed))
        {
            var idle = ReferenceEquals(top, Idle);
            envelope.Next = idle ? null : top;
            envelope.Depth = DepthOf(top) + 1;
            var seen = Interlocked.CompareExchange(ref _inbox, envelope, top);
            if (ReferenceEquals(seen, top))
            {
                wakes = idle;
                return true;
            }

            top = seen;
        }

        wakes = false;
        return false;
    }

    /// <summary>Any thread: the actor was idle and is now the caller's to schedule.</summary>
    public bool TryWake() => ReferenceEquals(Interlocked.CompareExchange(ref _inbox, null, Idle), Idle);

    /// <summary>Consumer: true when the inbox was empty; from then on another thread may run the actor.</summary>
    /// <param name="holding">User messages are held back: what has come meanwhile is put aside and does not keep the actor awake.</param>
    public bool TryPark(bool holding)
    {
        if (holding)
        {
            Collect();
        }

        return Interlocked.CompareExchange(ref _inbox, Idle, null) is null;
    }

    /// <summary>Consumer: the oldest message, or null.</summary>
    public Envelope? Take()
    {
        if (_pendingFirst is null)
        {
            Collect();
        }

        var envelope = _pendingFirst;
        if (envelope is not null)
        {
            _pendingFirst = envelope.Next;
            _pendingLast = _pendingFirst is null ? null : _pendingLast;
            envelope.Next = null;
            _pendingCount--;
        }

        return envelope;
    }

    /// <summary>Consumer: puts a message before all others.</summary>
    public void PutFirst(Envelope envelope)
    {
        envelope.Next = _pendingFirst;
        _pendingFirst = envelope;
        _pendingLast ??= envelope;
        _pendingCount++;
    }

    /// <summary>
    /// Consumer: closes the mailbox if nothing is in it. So a stopping actor lets go of all that waits before a later message of
    /// the same sender can become a dead letter: dead letters keep their order.
    /// </summary>
    public bool TryClose()
    {
        Collect();
        return _pendingFirst is null
            && (Interlocked.CompareExchange(ref _inbox, Closed, null) is null
                || ReferenceEquals(Interlocked.CompareExchange(ref _inbox, Closed, Idle), Idle));
    }

    /// <summary>Consumer: nothing can be pushed from here on; what is left comes by <see cref="Take"/>.</summary>
    public void Close() => Append(Interlocked.Exchange(ref _inbox, Closed));

    private void Collect()
    {
        if (DepthOf(_inbox) > 0)
        {
            Append(Interlocked.Exchange(ref _inbox, null));
        }
    }

    private void Append(Envelope? top)
    {
        if (DepthOf(top) == 0)
        {
            return;
        }

        Envelope? first = null;
        var last = top;
        var count = 0;
        while (top is not null)
        {
            var below = top.Next;
            top.Next = first;
            first = top;
            top = below;
            count++;
        }

        if (_pendingLast is null)
        {
            _pendingFirst = first;
        }
        else
        {
            _pendingLast.Next = first;
        }

        _pendingLast = last;
        _pendingCount += count;
    }

    private static int DepthOf(Envelope? top) => top?.Depth ?? 0;
}
