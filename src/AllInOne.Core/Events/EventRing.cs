namespace AllInOne.Core.Events;

/// <summary>
/// The latest events, in a ring bounded by their number and their bytes: the oldest give way. One writer (the event log's actor), any number of readers, no lock: a reader
/// knows by the sequence number in a slot whether it came too late. The module owns it, so a restarted writer goes on with
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

    /// <param name="capacity">How many events are kept.</param>
    /// <param name="lastStored">The last sequence number that storage held at the start; 0 for none.</param>
    /// <param name="first">The number that this run's first event gets; above <paramref name="lastStored"/>.</param>
    /// <param name="maxBytes">How many bytes of JSON these may have together; the last event is kept whatever its size.</param>
    /// <param name="hasLost">
    /// The previous run may have told events that were in the ring alone. Then this run begins with a cursor of its own, and
    /// <paramref name="first"/> leaves a number for it: one that ended with what was stored may have missed some, one of this run has not.
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

    /// <summary>The last event that was in the ring alone and is not there any more; 0 for none.</summary>
    public long LastLost => Volatile.Read(ref _lastLost);

    /// <summary>Where the previous run ended, as far as it was committed.</summary>
    public long LastStored { get; }

    /// <summary>Where this run begins. What lies between is a hole: numbers that no committed event has.</summary>
    public long First { get; }

    /// <summary>The cursor of who follows this run from before its first event.</summary>
    public long Begin { get; }

    /// <summary>The number of the last event; <see cref="Begin"/> before this run has any.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>The number of the next event; for the writer alone.</summary>
    public long Next => Math.Max(_head + 1, First);

    /// <summary>The oldest number that may still be in the ring.</summary>
    public long Oldest => Volatile.Read(ref _oldest);

    /// <summary>The JSON of all that is kept.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>For the writer alone; <paramref name="added"/> carries <see cref="Next"/>.</summary>
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
        // The slot before the head: who sees the head finds the slot filled.
        Volatile.Write(ref _slots[added.Seq % _slots.Length], added);
        Volatile.Write(ref _head, added.Seq);
    }

    private void RemoveOldest()
    {
        ref var slot = ref _slots[_oldest % _slots.Length];
        var gone = slot!;
        if (!gone.IsStored)
        {
            // Before it is gone: who does not find it knows why.
            Volatile.Write(ref _lastLost, gone.Seq);
        }

        // First it no longer counts as covered, then it is no longer found.
        Volatile.Write(ref _oldest, _oldest + 1);
        Volatile.Write(ref slot, null);
        Volatile.Write(ref _bytes, _bytes - gone.Json.Length);
    }

    /// <summary>Null when the event was removed, or is not there yet.</summary>
    public PublishedEvent? Find(long seq)
    {
        var found = Volatile.Read(ref _slots[seq % _slots.Length]);
        return found?.Seq == seq ? found : null;
    }

    /// <summary>Whether all that comes after <paramref name="since"/> is here (for now: the writer may overtake).</summary>
    public bool Covers(long since) => since >= Oldest - 1 || (since >= LastStored && Oldest == First);

    /// <summary>A cursor that saw events of the previous run which were never committed.</summary>
    public bool IsInHole(long since) => since > LastStored && since < First && since != Begin;
}
