using System.Runtime.InteropServices;

namespace AllInOne.Core.Live;

/// <summary>
/// Who waits for which topic, found by the topic of an event: whole topics by one look-up, beginnings by one look-up for each
/// length that occurs. So a look costs the same for ten waiters as for ten thousand.
/// </summary>
internal sealed class WaiterIndex
{
    private readonly HashSet<Waiter> _all = [];
    private readonly Dictionary<string, HashSet<Waiter>> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Waiter>> _prefixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Waiter>>.AlternateLookup<ReadOnlySpan<char>> _prefixLookup;
    private readonly SortedDictionary<int, int> _prefixLengths = [];

    public WaiterIndex() => _prefixLookup = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _all.Count;

    public void Add(Waiter waiter)
    {
        if (!_all.Add(waiter))
        {
            return;
        }

        foreach (var topic in waiter.Topics.Exact)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_exact, topic, out _) ??= []).Add(waiter);
        }

        foreach (var prefix in waiter.Topics.Prefixes)
        {
            ref var waiters = ref CollectionsMarshal.GetValueRefOrAddDefault(_prefixes, prefix, out var known);
            (waiters ??= []).Add(waiter);
            if (!known)
            {
                _prefixLengths[prefix.Length] = _prefixLengths.GetValueOrDefault(prefix.Length) + 1;
            }
        }
    }

    public bool Remove(Waiter waiter)
    {
        if (!_all.Remove(waiter))
        {
            return false;
        }

        foreach (var topic in waiter.Topics.Exact)
        {
            Leave(_exact, topic, waiter);
        }

        foreach (var prefix in waiter.Topics.Prefixes)
        {
            if (Leave(_prefixes, prefix, waiter) && --_prefixLengths[prefix.Length] == 0)
            {
                _prefixLengths.Remove(prefix.Length);
            }
        }

        return true;
    }

    /// <summary>Moves those who wait for this topic into <paramref name="matched"/>.</summary>
    public void Take(string topic, List<Waiter> matched)
    {
        var before = matched.Count;
        if (_exact.TryGetValue(topic, out var exact))
        {
            matched.AddRange(exact);
        }

        foreach (var length in _prefixLengths.Keys)
        {
            if (length > topic.Length)
            {
                break;
            }

            if (_prefixLookup.TryGetValue(topic.AsSpan(0, length), out var prefixed))
            {
                matched.AddRange(prefixed);
            }
        }

        Settle(matched, before);
    }

    /// <summary>Moves everyone.</summary>
    public void TakeAll(List<Waiter> matched)
    {
        var before = matched.Count;
        matched.AddRange(_all);
        Settle(matched, before);
    }

    // A waiter may have matched by several of its patterns; only the first time it was still there to be removed.
    private void Settle(List<Waiter> matched, int before)
    {
        var kept = before;
        for (var i = before; i < matched.Count; i++)
        {
            if (Remove(matched[i]))
            {
                matched[kept++] = matched[i];
            }
        }

        matched.RemoveRange(kept, matched.Count - kept);
    }

    private static bool Leave(Dictionary<string, HashSet<Waiter>> places, string key, Waiter waiter)
    {
        var waiters = places[key];
        waiters.Remove(waiter);
        return waiters.Count == 0 && places.Remove(key);
    }
}
