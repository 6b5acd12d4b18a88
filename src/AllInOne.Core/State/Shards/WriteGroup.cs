namespace AllInOne.Core.State.Shards;

/// <summary>
/// Slots that commands have changed together and that are not given to the writer yet. They are written in one transaction, so that a file never has
/// half of such a change, even after a SIGKILL. Only the shard's actor uses it.
/// </summary>
internal sealed class WriteGroup
{
    private readonly List<StateSlot> _slots = [];

    public IReadOnlyList<StateSlot> Slots => _slots;

    /// <summary>Puts slots, and the groups that they are in already, into one group.</summary>
    public static void Join(IReadOnlyList<StateSlot> slots)
    {
        var group = slots.MaxBy(slot => slot.Group?._slots.Count ?? 0)?.Group ?? new WriteGroup();
        foreach (var slot in slots)
        {
            group.Add(slot);
        }
    }

    public void Add(StateSlot slot)
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

    /// <summary>Its slots are given to the writer.</summary>
    public void Dissolve() => _slots.ForEach(slot => slot.Group = null);
}
