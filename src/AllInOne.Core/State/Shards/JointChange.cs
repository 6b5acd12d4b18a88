namespace AllInOne.Core.State.Shards;

/// <summary>
/// A change of several keys as one. Its items are set first, and do not count yet: a reader sees the item before. <see cref="Make"/> makes all
/// of them count at the same moment.
/// </summary>
internal sealed class JointChange
{
    private volatile bool _isMade;

    public bool IsMade => _isMade;

    public void Make() => _isMade = true;
}

/// <summary>An item's part in a change of several keys.</summary>
/// <param name="change">The change; until it is made, the item does not count.</param>
/// <param name="before">The item that the key had before; null for none.</param>
internal sealed class JointPart(JointChange change, StateItem? before)
{
    public bool IsMade => change.IsMade;

    public StateItem? Before => before;
}
