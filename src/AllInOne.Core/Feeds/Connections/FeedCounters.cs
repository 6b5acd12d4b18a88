using AllInOne.Core.Values;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// The figures of one connection, or the totals since the start. One actor adds to them (to the totals many), and any thread reads them
/// without waiting. Each addition also counts in the totals, so the totals never decrease when a connection closes.
/// </summary>
internal sealed class FeedCounters(FeedCounters? totals)
{
    private long _bytes;
    private long _events;
    private long _elements;
    private long _rejected;
    private long _committed;
    private volatile string? _lastError;

    public long Bytes => Volatile.Read(ref _bytes);

    public long Events => Volatile.Read(ref _events);

    public long Elements => Volatile.Read(ref _elements);

    public long Rejected => Volatile.Read(ref _rejected);

    public long Committed => Volatile.Read(ref _committed);

    public string? LastError => _lastError;

    public void AddBytes(long count)
    {
        Interlocked.Add(ref _bytes, count);
        totals?.AddBytes(count);
    }

    public void AddEvent(int elements)
    {
        Interlocked.Increment(ref _events);
        Interlocked.Add(ref _elements, elements);
        totals?.AddEvent(elements);
    }

    public void AddCommitted(int elements)
    {
        Interlocked.Add(ref _committed, elements);
        totals?.AddCommitted(elements);
    }

    public void AddRejected(int count, string? reason)
    {
        Interlocked.Add(ref _rejected, count);
        // A reason may contain text of a client, so it is cut for the logger and the inspection.
        reason = reason is null ? null : Excerpt.Of(reason, Excerpt.Message);
        _lastError = reason ?? _lastError;
        totals?.AddRejected(count, reason);
    }

    public void Failed(string reason)
    {
        _lastError = Excerpt.Of(reason, Excerpt.Message);
        totals?.Failed(_lastError);
    }
}
