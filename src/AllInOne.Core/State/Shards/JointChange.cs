namespace AllInOne.Core.State.Shards;

/// <summary>
/// A change of several keys as one. Its items are set first, but are not valid yet: readers still see the previous items. <see cref="Make"/> makes
/// all new items valid at the same moment.
/// </summary>
internal sealed class JointChange
{
    private volatile bool _isMade;

    public bool IsMade => _isMade;

    public void Make() => _isMade = true;
}

/// <summary>An item's part in a change of several keys.</summary>
/// <param name="change">The change; until it is made, the item is not valid.</param>
/// <param name="before">The previous item of the key; null if the key did not exist.</param>
internal sealed class JointPart(JointChange change, StateItem? before)
{
    public bool IsMade => change.IsMade;

    public StateItem? Before => before;
}
