namespace AllInOne.Core.Feeds.Connections;

/// <summary>The number of pending elements of all connections together. Thread-safe.</summary>
internal sealed class FeedBudget
{
    private long _load;

    public long Load => Volatile.Read(ref _load);

    public void Add(long change) => Interlocked.Add(ref _load, change);
}
