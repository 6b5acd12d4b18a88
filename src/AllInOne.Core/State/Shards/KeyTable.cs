namespace AllInOne.Core.State.Shards;

/// <summary>
/// The places of one shard's keys: one writer, readers on any thread without a lock. Open addressing with the hash beside the place, so that
/// a read touches few lines of memory. An entry is filled once and never used for another key: what is taken away leaves a mark, and
/// a table that is full of marks is replaced by a new one, while readers finish in the old one, which does not change any more.
/// </summary>
internal sealed class KeyTable
{
    private const int Smallest = 32;

    /// <summary>No key: it matches none.</summary>
    private static readonly StateSlot Gone = new("", 0, isPublished: false);

    private Entry[] _entries = new Entry[Smallest];
    private int _filled;

    /// <summary>Keys there are. For the writer alone.</summary>
    public int Count { get; private set; }

    /// <summary>From chance, so that keys that collide cannot be sent on purpose.</summary>
    public static int HashOf(string key) => key.GetHashCode(StringComparison.Ordinal);

    public StateSlot? Find(string key, int hash)
    {
        var entries = Volatile.Read(ref _entries);
        for (var at = hash & (entries.Length - 1); ; at = (at + 1) & (entries.Length - 1))
        {
            ref var entry = ref entries[at];
            if (Volatile.Read(ref entry.Slot) is not { } slot)
            {
                return null;
            }

            if (entry.Hash == hash && slot.Key == key)
            {
                return slot;
            }
        }
    }

    /// <summary>For the writer; a key that is not there.</summary>
    public void Add(StateSlot slot)
    {
        if (_filled >= _entries.Length / 4 * 3)
        {
            Rebuild();
        }

        Put(_entries, slot, HashOf(slot.Key));
        _filled++;
        Count++;
    }

    /// <summary>For the writer.</summary>
    public bool Remove(StateSlot slot)
    {
        var entries = _entries;
        for (var at = HashOf(slot.Key) & (entries.Length - 1); entries[at].Slot is { } found; at = (at + 1) & (entries.Length - 1))
        {
            if (found == slot)
            {
                Volatile.Write(ref entries[at].Slot, Gone);
                Count--;
                return true;
            }
        }

        return false;
    }

    /// <summary>All places, in no order; what changes meanwhile may be among them or not.</summary>
    public IEnumerable<StateSlot> All()
    {
        var entries = Volatile.Read(ref _entries);
        for (var at = 0; at < entries.Length; at++)
        {
            if (Volatile.Read(ref entries[at].Slot) is { } slot && slot != Gone)
            {
                yield return slot;
            }
        }
    }

    /// <summary>For the writer: a table of the right size for the present keys.</summary>
    public void Rebuild()
    {
        var length = Smallest;
        while (length < Count * 2)
        {
            length *= 2;
        }

        var entries = new Entry[length];
        foreach (var (hash, slot) in _entries)
        {
            if (slot is not null && slot != Gone)
            {
                Put(entries, slot, hash);
            }
        }

        _filled = Count;
        Volatile.Write(ref _entries, entries);
    }

    private static void Put(Entry[] entries, StateSlot slot, int hash)
    {
        var at = hash & (entries.Length - 1);
        while (entries[at].Slot is not null)
        {
            at = (at + 1) & (entries.Length - 1);
        }

        entries[at].Hash = hash;
        // Last: who sees the place finds its hash.
        Volatile.Write(ref entries[at].Slot, slot);
    }

    private struct Entry
    {
        public int Hash;
        public StateSlot? Slot;

        public readonly void Deconstruct(out int hash, out StateSlot? slot) => (hash, slot) = (Hash, Slot);
    }
}
