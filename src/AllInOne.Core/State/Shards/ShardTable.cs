using System.Collections.Concurrent;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The keys of one shard. Any thread reads published items here, without a lock. Only the shard's actor sets and removes them, and it counts
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
    private volatile ConcurrentDictionary<string, StateItem> _items = NewItems([]);
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
        if (!_items.TryGetValue(key, out var published) || published.Visible is not { } item)
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
            var (slot, beat) = (item.Slot!, Volatile.Read(ref _beat));
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
        foreach (var (_, published) in _items)
        {
            if (published.Visible is { } item && !rules.IsExpired(item))
            {
                yield return item;
            }
        }
    }

    /// <summary>The slot of a key, also when it has expired; null for none.</summary>
    public StateSlot? Find(string key) => _items.TryGetValue(key, out var item) ? item.Slot : null;

    /// <summary>Sets the item of a key, new or not: readers see it from now on.</summary>
    public void Publish(StateSlot slot, StateItem item)
    {
        var isNew = slot.Item is null;
        item.Slot = slot;
        slot.Item = item;
        _items[slot.Key] = item;
        if (isNew)
        {
            _mostKeys = Math.Max(_mostKeys, ++_count);
        }
    }

    /// <summary>Removes a key.</summary>
    public void Remove(StateSlot slot)
    {
        Expiring.Remove(slot);
        slot.Item = null;
        if (Find(slot.Key) == slot && _items.TryRemove(slot.Key, out _))
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
    public void BeginLoading(int keys) => _items = NewItems([], keys);

    /// <summary>Adds a key as it was stored. Before the actor starts; several threads at once.</summary>
    /// <returns>The older of two slots with this key, whose row is obsolete; null when the key is new.</returns>
    public StateSlot? Load(StateSlot slot, StateItem item)
    {
        (slot.Item, slot.HasRow, item.Slot) = (item, true, slot);
        while (!_items.TryAdd(item.Key, item))
        {
            var other = _items[item.Key];
            if (other.Version > item.Version)
            {
                return slot;
            }

            if (_items.TryUpdate(item.Key, item, other))
            {
                return other.Slot;
            }
        }

        return null;
    }

    /// <summary>Forgets all loaded keys: the restore has failed.</summary>
    public void Clear() => _items = NewItems([]);

    /// <summary>Counts all keys again: after a failure in the middle of a change, or at the start.</summary>
    /// <param name="settle">Says which item a slot has, null for none; then the slot is removed.</param>
    public void Recover(Func<StateSlot, StateItem?> settle)
    {
        Expiring.Clear();
        var (count, bytes) = (0, 0L);
        foreach (var (key, published) in _items)
        {
            var slot = published.Slot!;
            slot.Item = settle(slot);
            if (slot.Item is not { } item)
            {
                _items.TryRemove(key, out _);
                continue;
            }

            if (item != published)
            {
                _items[key] = item;
            }

            slot.Size = SizeOf(key, item.Value);
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
            _items = NewItems(_items, _count);
            _mostKeys = _count;
            Expiring.Trim();
        }
    }

    /// <summary>One writer at a time; readers need no lock.</summary>
    private static ConcurrentDictionary<string, StateItem> NewItems(IReadOnlyCollection<KeyValuePair<string, StateItem>> items, int capacity = 0)
    {
        var made = new ConcurrentDictionary<string, StateItem>(concurrencyLevel: 1, capacity, StringComparer.Ordinal);
        foreach (var (key, item) in items)
        {
            made[key] = item;
        }

        return made;
    }
}
