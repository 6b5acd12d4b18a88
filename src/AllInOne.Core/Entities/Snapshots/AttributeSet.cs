using System.Collections;
using System.Diagnostics.CodeAnalysis;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>
/// The attributes of an entity: an immutable map in the ordinal order of its names. It is one sorted array, because there are many entities with few
/// attributes. Two sets are equal if their names and values are equal.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "A set of attributes is what it is called everywhere.")]
public sealed class AttributeSet : IReadOnlyDictionary<string, JsonText>, IEquatable<AttributeSet>
{
    private readonly KeyValuePair<string, JsonText>[] _sorted;

    private AttributeSet(KeyValuePair<string, JsonText>[] sorted, long bytes) => (_sorted, Bytes) = (sorted, bytes);

    public static AttributeSet Empty { get; } = new([], 0);

    public int Count => _sorted.Length;

    /// <summary>The size of all names and values as UTF-8.</summary>
    public long Bytes { get; }

    public IEnumerable<string> Keys => _sorted.Select(pair => pair.Key);

    public IEnumerable<JsonText> Values => _sorted.Select(pair => pair.Value);

    public JsonText this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no attribute '{key}'.");

    /// <summary>Creates a set. If a name appears twice, the last value counts.</summary>
    public static AttributeSet From(IReadOnlyList<KeyValuePair<string, JsonText>> pairs) => Empty.Merge(pairs);

    /// <summary>Returns this set with the given attributes added or replaced; the same instance if nothing differs.</summary>
    public AttributeSet Merge(IReadOnlyList<KeyValuePair<string, JsonText>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        KeyValuePair<string, JsonText>[]? merged = null;
        List<KeyValuePair<string, JsonText>>? added = null;
        var bytes = Bytes;
        for (var i = 0; i < pairs.Count; i++)
        {
            var pair = pairs[i];
            var at = IndexOf(pair.Key);
            if (at < 0)
            {
                (added ??= []).Add(pair);
            }
            else if ((merged ?? _sorted)[at].Value is var present && present != pair.Value)
            {
                merged ??= (KeyValuePair<string, JsonText>[])_sorted.Clone();
                merged[at] = pair;
                bytes += EntityLimits.SizeOf(pair.Value) - EntityLimits.SizeOf(present);
            }
        }

        return added is null ? (merged is null ? this : new AttributeSet(merged, bytes)) : Grow(merged ?? _sorted, added, bytes);
    }

    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonText value)
    {
        var at = IndexOf(key);
        value = at < 0 ? default : _sorted[at].Value;
        return at >= 0;
    }

    /// <summary>The pairs without an enumerator on the heap.</summary>
    public ReadOnlySpan<KeyValuePair<string, JsonText>> AsSpan() => _sorted;

    public bool Equals(AttributeSet? other) => other is not null && _sorted.AsSpan().SequenceEqual(other._sorted);

    public override bool Equals(object? obj) => Equals(obj as AttributeSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var pair in _sorted)
        {
            hash.Add(pair.Key);
            hash.Add(pair.Value);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<KeyValuePair<string, JsonText>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, JsonText>>)_sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static AttributeSet Grow(
        KeyValuePair<string, JsonText>[] present, List<KeyValuePair<string, JsonText>> added, long bytes)
    {
        var all = new List<KeyValuePair<string, JsonText>>(present.Length + added.Count);
        var next = 0;
        // The sort is stable: if a name is added twice, its last value comes last.
        foreach (var pair in added.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            while (next < present.Length && string.CompareOrdinal(present[next].Key, pair.Key) < 0)
            {
                all.Add(present[next++]);
            }

            if (all.Count > 0 && all[^1].Key == pair.Key)
            {
                bytes -= EntityLimits.SizeOf(pair.Key, all[^1].Value);
                all[^1] = pair;
            }
            else
            {
                all.Add(pair);
            }

            bytes += EntityLimits.SizeOf(pair.Key, pair.Value);
        }

        all.AddRange(present.AsSpan(next));
        return new AttributeSet([.. all], bytes);
    }

    private int IndexOf(string key)
    {
        var (low, high) = (0, _sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_sorted[middle].Key, key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
