using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Storing;
using AllInOne.Core.Values;

namespace AllInOne.Core.State;

/// <summary>
/// The keys of one shard as they outlive its actor: the table that everybody reads, the queue of commands, and the notes about what is still
/// to be written. Only the actor works on it (<see cref="Work"/>, <see cref="Beat"/>); reading and queueing is for any thread.
/// Split by concern: here the table, then the queue, the changes, the writing.
/// </summary>
internal sealed partial class StateShard
{
    /// <summary>What a key costs beside its characters and its value's bytes: about what the runtime takes for its objects.</summary>
    private const int Overhead = 260;

    private const int FewKeys = 50_000;

    private readonly StateRules _rules;
    private readonly StateEvents _events;
    private readonly StateWriter _writer;
    private readonly ExpiringKeys _expiring = new();
    private readonly StripedCounter _hits = new();
    private readonly StripedCounter _misses = new();
    private KeyTable _table = new();
    private readonly Lock _loading = new();
    private int _count;
    private int _mostKeys;
    private long _bytes;
    private long _version;
    private long _expired;
    private long _evicted;
    private long _removals;
    private int _beat;

    public StateShard(int number, StateRules rules, StateMemory memory, StateEvents events, StateWriter writer)
    {
        (Number, _rules, _memory, _events, _writer) = (number, rules, memory, events, writer);
    }

    public int Number { get; }

    public StateRules Rules => _rules;

    /// <summary>What the next change will be given. For the actor alone.</summary>
    public long NextVersion => _version + 1;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Goes up when a key is taken away.</summary>
    public long Removals => Volatile.Read(ref _removals);

    /// <summary>Beats of the write interval so far.</summary>
    public int Beats => Volatile.Read(ref _beat);

    public StateFigures Figures => new(
        Number,
        Volatile.Read(ref _count),
        Bytes,
        _hits.Total,
        _misses.Total,
        Volatile.Read(ref _expired),
        Volatile.Read(ref _evicted),
        Volatile.Read(ref _pending),
        Volatile.Read(ref _waiting),
        _dirty.Count);

    /// <summary>What is there at this moment; null for nothing. Any thread, no lock.</summary>
    public StateItem? Find(string key) => Find(key, KeyTable.HashOf(key));

    /// <summary>The same for a key whose hash is known.</summary>
    public StateItem? Find(string key, int hash)
    {
        if (Look(key, hash) is { } item)
        {
            _hits.Increment();
            return item;
        }

        _misses.Increment();
        return null;
    }

    /// <summary>The same, not counted.</summary>
    public StateItem? Look(string key) => Look(key, KeyTable.HashOf(key));

    private StateItem? Look(string key, int hash)
    {
        if (_table.Find(key, hash) is not { } slot || slot.Read() is not { } item)
        {
            return null;
        }

        if (item.ExpiresAt != StateItem.Never)
        {
            if (_rules.IsEnded(item))
            {
                return null;
            }

            // Only when it has changed: the line would go from core to core.
            var beat = Volatile.Read(ref _beat);
            if (slot.Used != beat)
            {
                slot.Used = beat;
            }
        }

        return item;
    }

    /// <summary>Everything there is, in no order; what changes meanwhile may be as before or as after.</summary>
    public IEnumerable<StateItem> All()
    {
        foreach (var slot in _table.All())
        {
            if (slot.Read() is { } item && !_rules.IsEnded(item))
            {
                yield return item;
            }
        }
    }

    /// <summary>A key as it was stored, before the actor starts. Several threads at once.</summary>
    public void Load(StateSlot slot, StateItem item)
    {
        slot.Item = item;
        slot.HasRow = true;
        lock (_loading)
        {
            if (_table.Find(item.Key, KeyTable.HashOf(item.Key)) is { } other)
            {
                // Of two rows the newer one counts, which was to take the other's place: that one goes.
                _orphans.Add(other.Item!.Version > item.Version ? slot : other);
                if (other.Item.Version > item.Version)
                {
                    return;
                }

                _table.Remove(other);
            }

            _table.Add(slot);
        }
    }

    /// <summary>Forgets all that was loaded: the loading failed.</summary>
    public void Clear()
    {
        _table = new KeyTable();
        _orphans.Clear();
    }

    /// <summary>The first version of this run is above it.</summary>
    public void BeginAbove(long version) => _version = version;

    /// <summary>After far more keys than there are now, a table of the right size takes the place of the large one, and notes give back theirs.</summary>
    private void Shrink()
    {
        if (_dirty.Count == 0 && _dirty.Capacity > FewKeys && _count < _dirty.Capacity / 8)
        {
            _dirty.TrimExcess();
            _order.Clear();
            _order.TrimExcess();
            _ghosts.TrimExcess();
            _durableSlots.TrimExcess();
        }

        if (_mostKeys < FewKeys || _count > _mostKeys / 8)
        {
            return;
        }

        _table.Rebuild();
        _mostKeys = _count;
        _expiring.Trim();
    }
}
