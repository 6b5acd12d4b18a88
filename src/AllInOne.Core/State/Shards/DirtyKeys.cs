using System.Runtime.InteropServices;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The slots of one shard that have changed since they were last given to the writer, each once however often it changes. The shard's alone.
/// </summary>
internal sealed class DirtyKeys
{
    /// <summary>Up to so many slots are not searched for obsolete ones.</summary>
    private const int PruneFrom = 10_000;

    private readonly List<StateSlot> _slots = [];
    private readonly List<long> _rows = [];
    private int _pruneAt = PruneFrom;

    /// <summary>How many slots there are; some may be obsolete.</summary>
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
        // Obsolete: slots that a durable write has stored already, and keys that were made and removed before a row was stored.
        _slots.RemoveAll(slot => !slot.IsDirty || !slot.NeedsWrite);

        // The list is kept: a new one for each write would be so large that it costs a collection of all generations.
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

    /// <summary>Gives back memory.</summary>
    public void Trim()
    {
        _slots.TrimExcess();
        _rows.Clear();
        _rows.TrimExcess();
    }

    /// <summary>
    /// Drops obsolete slots. While the writer is unavailable keys are made and removed again and again; without this the list would grow for
    /// ever. So it has at most about twice as many slots as there are keys.
    /// </summary>
    private void Prune()
    {
        var kept = 0;
        for (var n = 0; n < _slots.Count; n++)
        {
            var slot = _slots[n];
            // The last slot is the one just added: its item may not be in its place yet.
            if (slot.IsDirty && (slot.NeedsWrite || n == _slots.Count - 1))
            {
                // Not dirty for the moment: a slot that is in the list twice is kept once.
                slot.IsDirty = false;
                _slots[kept++] = slot;
            }
        }

        _slots.RemoveRange(kept, _slots.Count - kept);
        _slots.ForEach(slot => slot.IsDirty = true);
        _pruneAt = Math.Max(PruneFrom, 2 * kept);
    }
}
