namespace AllInOne.Core.Feeds.Connections;

/// <summary>How much of all connections together is on its way to the disk. Any thread.</summary>
internal sealed class FeedBudget
{
    private long _load;

    public long Load => Volatile.Read(ref _load);

    public void Add(long change) => Interlocked.Add(ref _load, change);
}
