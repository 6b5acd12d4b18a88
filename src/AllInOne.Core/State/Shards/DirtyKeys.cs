using System.Runtime.InteropServices;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The slots of one shard that have changed since they were last given to the writer. Each slot is in the list once, however often it changes. Only
/// the shard's actor uses this object.
/// </summary>
internal sealed class DirtyKeys
{
    /// <summary>Up to this number, the list is not searched for obsolete slots.</summary>
    private const int PruneFrom = 10_000;

    private readonly List<StateSlot> _slots = [];
    private readonly List<long> _rows = [];
    private int _pruneAt = PruneFrom;

    /// <summary>The number of slots, including obsolete ones.</summary>
    public int Count => _slots.Count;

    public int Capacity => _slots.Capacity;

    public void Add(StateSlot slot)
    {
        if (slot.IsDirty)
        {
            return;
        }

        slot.IsDirty = true;
        _slots.Add(slot);
        if (_slots.Count >= _pruneAt)
        {
            Prune();
        }
    }

    /// <summary>
    /// The slots that must be written, in the order of their rows, so that the file is written page by page. Valid until the next change of this
    /// object.
    /// </summary>
    public IReadOnlyList<StateSlot> InRowOrder()
    {
        // Obsolete slots: a durable write has stored them already, or their keys were created and removed before a row was stored.
        _slots.RemoveAll(slot => !slot.IsDirty || !slot.NeedsWrite);

        // The list is used again: a new list for each write would be so large that it would cost a collection of all generations.
        _rows.Clear();
        _rows.AddRange(_slots.Select(slot => slot.Row));
        CollectionsMarshal.AsSpan(_rows).Sort(CollectionsMarshal.AsSpan(_slots));
        return _slots;
    }

    public void Clear()
    {
        _slots.Clear();
        _pruneAt = PruneFrom;
    }

    /// <summary>Releases unused memory.</summary>
    public void Trim()
    {
        _slots.TrimExcess();
        _rows.Clear();
        _rows.TrimExcess();
    }

    /// <summary>
    /// Removes obsolete slots. While the writer is unavailable, keys may be created and removed again and again; without this, the list would grow
    /// for ever. So it has at most about twice as many slots as there are keys.
    /// </summary>
    private void Prune()
    {
        var kept = 0;
        for (var n = 0; n < _slots.Count; n++)
        {
            var slot = _slots[n];
            // The last slot was just added: its item may not be set yet.
            if (slot.IsDirty && (slot.NeedsWrite || n == _slots.Count - 1))
            {
                // Clear the mark for the moment, so that a slot that is in the list twice is kept once.
                slot.IsDirty = false;
                _slots[kept++] = slot;
            }
        }

        _slots.RemoveRange(kept, _slots.Count - kept);
        _slots.ForEach(slot => slot.IsDirty = true);
        _pruneAt = Math.Max(PruneFrom, 2 * kept);
    }
}
