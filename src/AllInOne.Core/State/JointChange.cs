namespace AllInOne.Core.State;

/// <summary>
/// A change of several keys as one. Its items are put into their places first, where a reader that meets one sees what was there before;
/// with <see cref="Make"/> all of them count at the same moment.
/// </summary>
internal sealed class JointChange
{
    private volatile bool _isMade;

    public bool IsMade => _isMade;

    public void Make() => _isMade = true;
}

/// <summary>What an item that is in its place has to do with the change that brings it.</summary>
/// <param name="change">As long as it is not made, the item does not count.</param>
/// <param name="before">What was in the item's place.</param>
internal sealed class JointPart(JointChange change, StateItem? before)
{
    public bool IsMade => change.IsMade;

    public StateItem? Before => before;
}
