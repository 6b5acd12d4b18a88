
namespace AllInOne.Core.Events;

/// <summary>
/// The ring buffer of the latest events, limited by number and bytes: new events overwrite the oldest ones. The sequence numbers rise, and there may be holes
/// between them, so an event has a position: the number of events before it in this process. The ring has one writer (the actor of the event log), any
/// number of readers, and no lock. The writer raises <c>_oldest</c> before it overwrites a slot; so a reader that reads first the slot and then
/// <c>_oldest</c> knows whether it has read the event of its position. The module owns the ring, so a restarted writer continues with the next
/// number.
/// </summary>
internal sealed class EventRing
{
    private readonly LogEntry?[] _slots;
    private readonly long _maxBytes;

    // Positions: of the oldest event that is kept, and of the next event.
    private long _oldest;
    private long _end;
    private long _head;
    private long _lastGone;
    private long _lastLost;
    private long _bytes;

    /// <param name="capacity">The maximum number of events.</param>
    /// <param name="lastStored">The last stored sequence number at the start; 0 for none.</param>
    /// <param name="first">The number of the first event of this process; above <paramref name="lastStored"/>.</param>
    /// <param name="maxBytes">The maximum size of their JSON in bytes. The last event is always kept.</param>
    /// <param name="hasLost">
    /// Whether the previous process may have published events that were only in the ring. Then this process starts with its own cursor, and
    /// <paramref name="first"/> leaves a number for it. A cursor at the last stored event may have missed such events; the cursor of this process has not.
    /// </param>
    public EventRing(int capacity, long lastStored, long first, long maxBytes = long.MaxValue, bool hasLost = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, lastStored);
        _slots = new LogEntry?[capacity];
        (Begin, LastStored, First) = (hasLost ? first - 1 : lastStored, lastStored, first);
        (_head, _lastGone, _maxBytes) = (Begin, lastStored, maxBytes);
        _lastLost = hasLost ? Begin : 0;
    }

    /// <summary>The last event that was only in the ring and has left it; 0 for none.</summary>
    public long LastLost => Volatile.Read(ref _lastLost);

    /// <summary>The last committed number of the previous process.</summary>
    public long LastStored { get; }

    /// <summary>The start of this process. The numbers in between belong to no committed event.</summary>
    public long First { get; }

    /// <summary>The cursor of clients that follow this process from before its first event.</summary>
    public long Begin { get; }

    /// <summary>The number of the last event; <see cref="Begin"/> before the first event of this process.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>The smallest number that the next event may have. Only for the writer.</summary>
    public long Next => Math.Max(_head + 1, First);

    /// <summary>The number of events that were added, kept or not.</summary>
    public long Added => Volatile.Read(ref _end);

    /// <summary>The number of the last event that has left the ring; <see cref="LastStored"/> before the first one.</summary>
    public long LastGone => Volatile.Read(ref _lastGone);

    /// <summary>The size of the JSON of all events in the ring.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds an event, whose number is at least <see cref="Next"/>. Only for the writer.</summary>
    public void Append(LogEntry added)
    {
        if (added.Seq < Next)
        {
            throw new InvalidOperationException($"Event {added.Seq} does not follow {_head}.");
        }

        while (_end - _oldest == _slots.Length || (_oldest < _end && _bytes + added.Json.Length > _maxBytes))
        {
            RemoveOldest();
        }

        Volatile.Write(ref _bytes, _bytes + added.Json.Length);
        // Fill the slot before the end and the head move: so a reader that sees the head finds the event.
        Volatile.Write(ref SlotOf(_end), added);
        Volatile.Write(ref _end, _end + 1);
        Volatile.Write(ref _head, added.Seq);
    }

    /// <summary>
    /// The events after a number, in order, up to the present end. The enumeration ends early if the ring has overwritten the next event, which is
    /// possible at any time; then <see cref="Covers"/> is false for the last number that the caller has.
    /// </summary>
    public Reader After(long since) => new(this, since);

    /// <summary>Whether the ring contains all events after <paramref name="since"/> at this moment; the writer may overwrite them later.</summary>
    public bool Covers(long since) => since >= LastGone;

    /// <summary>
    /// How many events of this process come after a number. It is exact for events in the ring. For older events it is at most the number of sequence
    /// numbers, because the ring does not know the holes between them.
    /// </summary>
    public long CountAfter(long since)
    {
        var (gone, lastGone) = (Volatile.Read(ref _oldest), LastGone);
        return Added - PositionAfter(since) + Math.Clamp(lastGone - Math.Max(since, First - 1), 0, gone);
    }

    /// <summary>Whether a cursor belongs to events of the previous process that were never committed.</summary>
    public bool IsInHole(long since) => since > LastStored && since < First && since != Begin;

    private ref LogEntry? SlotOf(long position) => ref _slots[position % _slots.Length];

    /// <summary>The event at a position before the end; null if it was overwritten.</summary>
    private LogEntry? At(long position)
    {
        var found = Volatile.Read(ref SlotOf(position));
        return position >= Volatile.Read(ref _oldest) ? found : null;
    }

    /// <summary>The position of the first event in the ring with a greater number; the end if there is none.</summary>
    private long PositionAfter(long since)
    {
        var (low, high) = (Volatile.Read(ref _oldest), Added);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (At(middle) is { } found && found.Seq > since)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private void RemoveOldest()
    {
        ref var slot = ref SlotOf(_oldest);
        var gone = slot!;
        if (!gone.IsStored)
        {
            // Set before the event is removed: so a reader that does not find the event knows the reason.
            Volatile.Write(ref _lastLost, gone.Seq);
        }

        // First it no longer counts as covered; then it is removed.
        Volatile.Write(ref _lastGone, gone.Seq);
        Volatile.Write(ref _oldest, _oldest + 1);
        Volatile.Write(ref slot, null);
        Volatile.Write(ref _bytes, _bytes - gone.Json.Length);
    }

    /// <summary>The enumerator of <see cref="After"/>.</summary>
    public struct Reader
    {
        private readonly EventRing _ring;
        private readonly long _end;
        private long _next;

        internal Reader(EventRing ring, long since)
        {
            (_ring, _end, _next) = (ring, ring.Added, ring.PositionAfter(since));
            if (!ring.Covers(since))
            {
                // Events after this number may have been overwritten during the search.
                _next = _end;
            }
        }

        public LogEntry Current { get; private set; } = null!;

        public readonly Reader GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next >= _end || _ring.At(_next) is not { } found)
            {
                return false;
            }

            (Current, _next) = (found, _next + 1);
            return true;
        }
    }
}
