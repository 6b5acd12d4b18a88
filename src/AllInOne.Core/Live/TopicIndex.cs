using System.Runtime.InteropServices;
using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>
/// An index of listeners by topic. It finds whole topics with one look-up, and prefixes with one look-up for each
/// prefix length in use. So the search does not depend on the number of listeners.
/// </summary>
internal sealed class TopicIndex<T>
    where T : notnull
{
    private readonly Dictionary<string, HashSet<T>> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<T>> _prefixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<T>>.AlternateLookup<ReadOnlySpan<char>> _prefixLookup;
    private readonly SortedDictionary<int, int> _prefixLengths = [];

    public TopicIndex() => _prefixLookup = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count { get; private set; }

    /// <summary>All listeners. A listener with several patterns appears once for each.</summary>
    public IEnumerable<T> All => _exact.Values.Concat(_prefixes.Values).SelectMany(listeners => listeners);

    public void Add(T listener, TopicFilter topics)
    {
        var added = false;
        foreach (var topic in topics.Exact)
        {
            added |= (CollectionsMarshal.GetValueRefOrAddDefault(_exact, topic, out _) ??= []).Add(listener);
        }

        foreach (var prefix in topics.Prefixes)
        {
            ref var listeners = ref CollectionsMarshal.GetValueRefOrAddDefault(_prefixes, prefix, out var known);
            added |= (listeners ??= []).Add(listener);
            if (!known)
            {
                _prefixLengths[prefix.Length] = _prefixLengths.GetValueOrDefault(prefix.Length) + 1;
            }
        }

        Count += added ? 1 : 0;
    }

    /// <param name="topics">The topics with which the listener was added.</param>
    public bool Remove(T listener, TopicFilter topics)
    {
        var removed = false;
        foreach (var topic in topics.Exact)
        {
            removed |= RemoveFrom(_exact, topic, listener, out _);
        }

        foreach (var prefix in topics.Prefixes)
        {
            removed |= RemoveFrom(_prefixes, prefix, listener, out var last);
            if (last && --_prefixLengths[prefix.Length] == 0)
            {
                _prefixLengths.Remove(prefix.Length);
            }
        }

        Count -= removed ? 1 : 0;
        return removed;
    }

    /// <summary>Adds the listeners of this topic to the list. A listener appears once for each matching pattern.</summary>
    public void Find(string topic, List<T> found)
    {
        if (_exact.TryGetValue(topic, out var exact))
        {
            found.AddRange(exact);
        }

        foreach (var length in _prefixLengths.Keys)
        {
            if (length > topic.Length)
            {
                break;
            }

            if (_prefixLookup.TryGetValue(topic.AsSpan(0, length), out var prefixed))
            {
                found.AddRange(prefixed);
            }
        }
    }

    private static bool RemoveFrom(Dictionary<string, HashSet<T>> places, string key, T listener, out bool last)
    {
        last = false;
        if (!places.TryGetValue(key, out var listeners) || !listeners.Remove(listener))
        {
            return false;
        }

        last = listeners.Count == 0 && places.Remove(key);
        return true;
    }
}
