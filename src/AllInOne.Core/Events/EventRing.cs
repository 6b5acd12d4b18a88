namespace AllInOne.Core.Events;

/// <summary>
/// The ring buffer of the latest events, limited by number and bytes: new events overwrite the oldest ones. It has one writer (the actor of the event log), any number of readers, and no lock: a reader
/// sees by the sequence number in a slot whether the event was overwritten. The module owns the ring, so a restarted writer continues with
/// the next number.
/// </summary>
internal sealed class EventRing
{
    private readonly PublishedEvent?[] _slots;
    private readonly long _maxBytes;
    private long _head;
    private long _oldest;
    private long _bytes;
    private long _lastLost;

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
        _slots = new PublishedEvent?[capacity];
        (Begin, LastStored, First) = (hasLost ? first - 1 : lastStored, lastStored, first);
        (_head, _oldest, _maxBytes) = (Begin, first, maxBytes);
        _lastLost = hasLost ? Begin : 0;
    }

    public int Capacity => _slots.Length;

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

    /// <summary>The number of the next event. Only for the writer.</summary>
    public long Next => Math.Max(_head + 1, First);

    /// <summary>The oldest number that may still be in the ring.</summary>
    public long Oldest => Volatile.Read(ref _oldest);

    /// <summary>The size of the JSON of all events in the ring.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds an event, which has the number <see cref="Next"/>. Only for the writer.</summary>
    public void Append(PublishedEvent added)
    {
        if (added.Seq != Next)
        {
            throw new InvalidOperationException($"Event {added.Seq} does not follow {_head}.");
        }

        while (added.Seq - _oldest >= _slots.Length || (_oldest < added.Seq && _bytes + added.Json.Length > _maxBytes))
        {
            RemoveOldest();
        }

        Volatile.Write(ref _bytes, _bytes + added.Json.Length);
        // Fill the slot before the head moves: so a reader that sees the head finds the event.
        Volatile.Write(ref _slots[added.Seq % _slots.Length], added);
        Volatile.Write(ref _head, added.Seq);
    }

    private void RemoveOldest()
    {
        ref var slot = ref _slots[_oldest % _slots.Length];
        var gone = slot!;
        if (!gone.IsStored)
        {
            // Set before the event is removed: so a reader that does not find the event knows the reason.
            Volatile.Write(ref _lastLost, gone.Seq);
        }

        // First it no longer counts as covered; then it is removed.
        Volatile.Write(ref _oldest, _oldest + 1);
        Volatile.Write(ref slot, null);
        Volatile.Write(ref _bytes, _bytes - gone.Json.Length);
    }

    /// <summary>Finds an event by number; null if it was overwritten or does not exist yet.</summary>
    public PublishedEvent? Find(long seq)
    {
        var found = Volatile.Read(ref _slots[seq % _slots.Length]);
        return found?.Seq == seq ? found : null;
    }

    /// <summary>Whether the ring contains all events after <paramref name="since"/> at this moment; the writer may overwrite them later.</summary>
    public bool Covers(long since) => since >= Oldest - 1 || (since >= LastStored && Oldest == First);

    /// <summary>Whether a cursor belongs to events of the previous process that were never committed.</summary>
    public bool IsInHole(long since) => since > LastStored && since < First && since != Begin;
}
