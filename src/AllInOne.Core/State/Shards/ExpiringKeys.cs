namespace AllInOne.Core.State.Shards;

/// <summary>The places of a key in <see cref="ExpiringKeys"/>.</summary>
/// <param name="Bucket">The number of its bucket; -1 if the key has no time to live.</param>
/// <param name="InBucket">Its index in the bucket.</param>
/// <param name="InAll">Its index in the list of all keys.</param>
internal readonly record struct ExpiryPlace(long Bucket, int InBucket, int InAll)
{
    public static ExpiryPlace None { get; } = new(-1, 0, 0);
}

/// <summary>
/// The keys of one shard that have a time to live, in buckets of a quarter of a second. A key that gets another expiry moves to another bucket. So
/// there are no stale entries, and the shard finds expired keys without a search of all keys. Only the shard's actor uses this object.
/// </summary>
internal sealed class ExpiringKeys
{
    /// <summary>The shift from microseconds to the number of a bucket: 2^18 is about a quarter of a second.</summary>
    private const int Shift = 18;

    private readonly Dictionary<long, List<StateSlot>> _buckets = [];
    private readonly List<StateSlot> _all = [];
    private long _next;

    public int Count => _all.Count;

    /// <summary>Sets the expiry of a key, in microseconds; <see cref="StateItem.Never"/> for none.</summary>
    public void Set(StateSlot slot, long expiresAt)
    {
        var bucket = expiresAt == StateItem.Never ? -1 : expiresAt >> Shift;
        if (slot.Expiry.Bucket == bucket)
        {
            return;
        }

        Remove(slot);
        if (bucket < 0)
        {
            return;
        }

        if (!_buckets.TryGetValue(bucket, out var slots))
        {
            _buckets.Add(bucket, slots = []);
        }

        slot.Expiry = new ExpiryPlace(bucket, slots.Count, _all.Count);
        slots.Add(slot);
        _all.Add(slot);
        _next = _all.Count == 1 ? bucket : Math.Min(_next, bucket);
    }

    public void Remove(StateSlot slot)
    {
        if (slot.Expiry.Bucket < 0)
        {
            return;
        }

        var place = slot.Expiry;
        var slots = _buckets[place.Bucket];
        var moved = slots[^1];
        moved.Expiry = moved.Expiry with { InBucket = place.InBucket };
        slots[place.InBucket] = moved;
        slots.RemoveAt(slots.Count - 1);
        if (slots.Count == 0)
        {
            _buckets.Remove(place.Bucket);
        }

        moved = _all[^1];
        moved.Expiry = moved.Expiry with { InAll = place.InAll };
        _all[place.InAll] = moved;
        _all.RemoveAt(_all.Count - 1);
        slot.Expiry = ExpiryPlace.None;
    }

    /// <summary>
    /// Finds a key whose bucket is over; null if there is none. A bucket is a quarter of a second long, so a key is found up to that long after its
    /// expiry.
    /// </summary>
    public StateSlot? FindExpired(long now)
    {
        var present = now >> Shift;
        if (_all.Count == 0 || _next >= present)
        {
            return null;
        }

        if (present - _next > _buckets.Count)
        {
            // There are fewer buckets than steps to the present time: skip to the first bucket.
            _next = Math.Min(present, _buckets.Keys.Min());
        }

        for (; _next < present; _next++)
        {
            if (_buckets.TryGetValue(_next, out var slots))
            {
                return slots[^1];
            }
        }

        return null;
    }

    /// <summary>Picks some keys at random and returns the least recently used one, but never a lock; null if it finds none.</summary>
    public StateSlot? LeastUsed(Random random, int picked)
    {
        StateSlot? least = null;
        for (var n = 0; n < picked && _all.Count > 0; n++)
        {
            var slot = _all[random.Next(_all.Count)];
            least = !slot.IsLock && (least is null || slot.Used < least.Used) ? slot : least;
        }

        return least;
    }

    public void Clear()
    {
        foreach (var slot in _all)
        {
            slot.Expiry = ExpiryPlace.None;
        }

        _all.Clear();
        _buckets.Clear();
    }

    /// <summary>Releases unused memory.</summary>
    public void Trim()
    {
        _all.TrimExcess();
        _buckets.TrimExcess();
    }
}
