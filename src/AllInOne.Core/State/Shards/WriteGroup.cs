namespace AllInOne.Core.State.Shards;

/// <summary>
/// Slots that commands have changed together and that are not given to the writer yet. They are written in one transaction, so that a file never has
/// half of such a change, even after a SIGKILL. Only the shard's actor uses it.
/// </summary>
internal sealed class WriteGroup
{
    /// <summary>Up to this number of slots, obsolete ones are not searched for.</summary>
    private const int PruneFrom = 1_000;

    private readonly List<StateSlot> _slots = [];
    private int _pruneAt = PruneFrom;

    public IReadOnlyList<StateSlot> Slots => _slots;

    /// <summary>Puts slots, and the groups that they are in already, into one group. Their changes may not be noted yet.</summary>
    public static void Join(IReadOnlyList<StateSlot> slots)
    {
        if (slots.Count < 2)
        {
            return;
        }

        var group = slots.MaxBy(slot => slot.Group?._slots.Count ?? 0)!.Group ?? new WriteGroup();
        group.Prune();
        foreach (var slot in slots)
        {
            group.Append(slot);
        }
    }

    /// <summary>Adds the slot that takes over the row of one of its slots.</summary>
    public void Add(StateSlot slot)
    {
        Prune();
        Append(slot);
    }

    /// <summary>Its slots are given to the writer.</summary>
    public void Dissolve() => _slots.ForEach(slot => slot.Group = null);

    private void Append(StateSlot slot)
    {
        if (slot.Group == this)
        {
            return;
        }

        IReadOnlyList<StateSlot> added = slot.Group?._slots ?? [slot];
        foreach (var one in added)
        {
            one.Group = this;
        }

        _slots.AddRange(added);
    }

    /// <summary>
    /// Drops slots that need no write any more: keys that were made and removed before a row was stored, and slots whose row a new slot has taken over.
    /// Without this, the group would grow for ever while the writer is unavailable.
    /// </summary>
    private void Prune()
    {
        if (_slots.Count < _pruneAt)
        {
            return;
        }

        _slots.RemoveAll(slot => !slot.IsDirty || !slot.NeedsWrite);
        _pruneAt = Math.Max(PruneFrom, 2 * _slots.Count);
    }
}
