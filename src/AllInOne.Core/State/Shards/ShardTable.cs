using System.Collections.Concurrent;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The keys of one shard. Any thread reads published items here, without a lock. Only the shard's actor adds and removes slots, and it counts
/// what they take of the memory and which of them expire.
/// </summary>
internal sealed class ShardTable(StateRules rules)
{
    /// <summary>What a key costs beside its characters and its value's bytes: about what its objects take in the runtime.</summary>
    private const int Overhead = 290;

    /// <summary>The memory of so many keys is not worth giving back.</summary>
    public const int FewKeys = 50_000;

    private readonly StripedCounter _hits = new();
    private readonly StripedCounter _misses = new();
    private volatile ConcurrentDictionary<string, StateSlot> _slots = NewSlots([]);
    private int _count;
    private int _mostKeys;
    private long _bytes;
    private int _beat;

    /// <summary>The keys with a time to live.</summary>
    public ExpiringKeys Expiring { get; } = new();

    public int Count => Volatile.Read(ref _count);

    /// <summary>What all keys take, as <c>State:MaxBytes</c> counts it.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Reads that found an item.</summary>
    public long Hits => _hits.Total;

    /// <summary>Reads that found none.</summary>
    public long Misses => _misses.Total;

    /// <summary>Write intervals so far.</summary>
    public int Beats => Volatile.Read(ref _beat);

    /// <summary>What a key with this value takes of the memory.</summary>
    public static long SizeOf(string key, StateValue value) => Overhead + (2L * key.Length) + value.Size;

    /// <summary>The item of a key at this moment; null for none. Any thread.</summary>
    public StateItem? Read(string key)
    {
        if (Peek(key) is { } item)
        {
            _hits.Increment();
            return item;
        }

        _misses.Increment();
        return null;
    }

    /// <summary>The same, not counted as a read.</summary>
    public StateItem? Peek(string key)
    {
        if (Find(key) is not { } slot || slot.Read() is not { } item)
        {
            return null;
        }

        if (item.ExpiresAt != StateItem.Never)
        {
            if (rules.IsExpired(item))
            {
                return null;
            }

            // Written only when it changes: else the cache line would move from core to core with each read.
            var beat = Volatile.Read(ref _beat);
            if (slot.Used != beat)
            {
                slot.Used = beat;
            }
        }

        return item;
    }

    /// <summary>All items, in no order. A change that happens meanwhile may be seen or not. Any thread.</summary>
    public IEnumerable<StateItem> All()
    {
        foreach (var (_, slot) in _slots)
        {
            if (slot.Read() is { } item && !rules.IsExpired(item))
            {
                yield return item;
            }
        }
    }

    /// <summary>The slot of a key, also when it has expired; null for none.</summary>
    public StateSlot? Find(string key) => _slots.TryGetValue(key, out var slot) ? slot : null;

    /// <summary>Adds the slot of a new key. Its item must be set: readers see it from now on.</summary>
    public void Add(StateSlot slot)
    {
        _slots[slot.Key] = slot;
        _mostKeys = Math.Max(_mostKeys, ++_count);
    }

    /// <summary>Removes a key.</summary>
    public void Remove(StateSlot slot)
    {
        Expiring.Remove(slot);
        slot.Item = null;
        if (_slots.TryRemove(KeyValuePair.Create(slot.Key, slot)))
        {
            _count--;
        }

        Resize(slot, 0);
    }

    /// <summary>Counts the bytes that a slot takes from now on.</summary>
    public void Resize(StateSlot slot, long size)
    {
        Volatile.Write(ref _bytes, _bytes + size - slot.Size);
        slot.Size = size;
    }

    /// <summary>The slot was written in this write interval.</summary>
    public void MarkUsed(StateSlot slot) => slot.Used = _beat;

    /// <summary>The next write interval begins.</summary>
    public void Beat() => Volatile.Write(ref _beat, _beat + 1);

    /// <summary>Makes room for so many keys, which are loaded now.</summary>
    public void BeginLoading(int keys) => _slots = NewSlots([], keys);

    /// <summary>Adds a key as it was stored. Before the actor starts; several threads at once.</summary>
    /// <returns>The older of two slots with this key, whose row is obsolete; null when the key is new.</returns>
    public StateSlot? Load(StateSlot slot, StateItem item)
    {
        (slot.Item, slot.HasRow) = (item, true);
        while (!_slots.TryAdd(item.Key, slot))
        {
            var other = _slots[item.Key];
            if (other.Item!.Version > item.Version)
            {
                return slot;
            }

            if (_slots.TryUpdate(item.Key, slot, other))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Forgets all loaded keys: the restore has failed.</summary>
    public void Clear() => _slots = NewSlots([]);

    /// <summary>Counts all keys again: after a failure in the middle of a change, or at the start.</summary>
    /// <param name="settle">Says which item a slot has, null for none; then the slot is removed.</param>
    public void Recover(Func<StateSlot, StateItem?> settle)
    {
        Expiring.Clear();
        var (count, bytes) = (0, 0L);
        foreach (var (_, slot) in _slots)
        {
            if (settle(slot) is not { } item)
            {
                slot.Item = null;
                _slots.TryRemove(KeyValuePair.Create(slot.Key, slot));
                continue;
            }

            slot.Size = SizeOf(item.Key, item.Value);
            count++;
            bytes += slot.Size;
            Expiring.Set(slot, item.ExpiresAt);
        }

        Volatile.Write(ref _count, count);
        Volatile.Write(ref _bytes, bytes);
        _mostKeys = Math.Max(_mostKeys, count);
    }

    /// <summary>Gives back memory, when there were far more keys than there are now.</summary>
    public void Trim()
    {
        if (_mostKeys >= FewKeys && _count <= _mostKeys / 8)
        {
            _slots = NewSlots(_slots, _count);
            _mostKeys = _count;
            Expiring.Trim();
        }
    }

    /// <summary>One writer at a time; readers need no lock.</summary>
    private static ConcurrentDictionary<string, StateSlot> NewSlots(IEnumerable<KeyValuePair<string, StateSlot>> slots, int capacity = 0)
    {
        var made = new ConcurrentDictionary<string, StateSlot>(concurrencyLevel: 1, capacity, StringComparer.Ordinal);
        foreach (var (key, slot) in slots)
        {
            made[key] = slot;
        }

        return made;
    }
}
