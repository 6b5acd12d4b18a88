using System.Collections.Concurrent;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The keys of one shard. Any thread reads published items here, without a lock. Only the shard's actor adds and removes slots. It also counts the
/// memory of the keys and knows which of them expire.
/// </summary>
internal sealed class ShardTable(StateRules rules)
{
    /// <summary>The approximate memory of a key's objects in the runtime, in addition to its characters and the bytes of its value.</summary>
    private const int Overhead = 290;

    /// <summary>If the shard never had more keys than this, releasing memory is not worth the work.</summary>
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

    /// <summary>The bytes of all keys, as <c>State:MaxBytes</c> counts them.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of reads that found an item.</summary>
    public long Hits => _hits.Total;

    /// <summary>The number of reads that found no item.</summary>
    public long Misses => _misses.Total;

    /// <summary>The number of write intervals since the start.</summary>
    public int Beats => Volatile.Read(ref _beat);

    /// <summary>The bytes of a key with this value, as <c>State:MaxBytes</c> counts them.</summary>
    public static long SizeOf(string key, StateValue value) => Overhead + (2L * key.Length) + value.Size;

    /// <summary>The item of a key at this moment; null if the key does not exist. Any thread may call it.</summary>
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

    /// <summary>Reads an item without counting the read.</summary>
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

            // Write only if the value changes. Otherwise the cache line would move from core to core with each read.
            var beat = Volatile.Read(ref _beat);
            if (slot.Used != beat)
            {
                slot.Used = beat;
            }
        }

        return item;
    }

    /// <summary>All items, in no order. It may or may not contain changes that happen during the enumeration. Any thread may call it.</summary>
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

    /// <summary>Finds the slot of a key, even if the key has expired; null if there is none.</summary>
    public StateSlot? Find(string key) => _slots.TryGetValue(key, out var slot) ? slot : null;

    /// <summary>Adds the slot of a new key. Set its item before, because readers see it from now on.</summary>
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

    /// <summary>Sets the bytes that a slot takes from now on.</summary>
    public void Resize(StateSlot slot, long size)
    {
        Volatile.Write(ref _bytes, _bytes + size - slot.Size);
        slot.Size = size;
    }

    /// <summary>Marks a slot as written in this write interval.</summary>
    public void MarkUsed(StateSlot slot) => slot.Used = _beat;

    /// <summary>Begins the next write interval.</summary>
    public void Beat() => Volatile.Write(ref _beat, _beat + 1);

    /// <summary>Makes room for this many keys before they are loaded.</summary>
    public void BeginLoading(int keys) => _slots = NewSlots([], keys);

    /// <summary>Adds a key as it was stored, before the actor starts. Several threads may call it at once.</summary>
    /// <returns>The older of two slots with this key, whose row is obsolete; null if the key is new.</returns>
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

    /// <summary>Forgets all loaded keys, because the restore has failed.</summary>
    public void Clear() => _slots = NewSlots([]);

    /// <summary>Counts all keys again. Called after a failure in the middle of a change, and at the start.</summary>
    /// <param name="settle">Returns the valid item of a slot; null if the slot must be removed.</param>
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

    /// <summary>Releases memory if the shard has far fewer keys than before.</summary>
    public void Trim()
    {
        if (_mostKeys >= FewKeys && _count <= _mostKeys / 8)
        {
            _slots = NewSlots(_slots, _count);
            _mostKeys = _count;
            Expiring.Trim();
        }
    }

    /// <summary>Creates the dictionary. It has one writer at a time, and readers need no lock.</summary>
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
