namespace AllInOne.Core.State;

/// <summary>Makes one page of sorted keys from an unordered sequence: it reads all keys and keeps the first ones.</summary>
internal static class StatePage
{
    private const int LooksBetweenCancels = 4096;

    public static (IReadOnlyList<StateItem> Items, string? Next) Of(
        IEnumerable<StateItem> all, string prefix, string? after, int limit, CancellationToken cancel)
    {
        // The greatest of the kept keys is on top. One key more than the page shows that there is another page.
        var kept = new PriorityQueue<StateItem, string>(limit + 2, Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a)));
        var looked = 0;
        foreach (var item in all)
        {
            if (++looked % LooksBetweenCancels == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            if (!item.Key.StartsWith(prefix, StringComparison.Ordinal)
                || (after is not null && string.CompareOrdinal(item.Key, after) <= 0)
                || item.Key.StartsWith(StateStore.LockPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (kept.Count <= limit)
            {
                kept.Enqueue(item, item.Key);
            }
            else if (string.CompareOrdinal(item.Key, kept.Peek().Key) < 0)
            {
                kept.EnqueueDequeue(item, item.Key);
            }
        }

        var items = new StateItem[kept.Count];
        for (var n = items.Length - 1; n >= 0; n--)
        {
            items[n] = kept.Dequeue();
        }

        return items.Length > limit ? (items[..limit], items[limit - 1].Key) : (items, null);
    }
}
