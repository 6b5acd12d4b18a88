using System.Buffers;

namespace AllInOne.Core.Values;

/// <summary>
/// The rules for keys and their tags. In a key such as <c>cart:{ann}:lines</c>, the part in the first braces is its tag, as in
/// Redis Cluster. Keys of one tag are in one shard, so they can change together.
/// </summary>
public static class StateKey
{
    public const int MaxLength = 512;

    /// <summary>For a person.</summary>
    public const string Rule = "a key is 1 to 512 letters, digits and _ . : @ { } -, and not . or ..";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:@{}-");

    /// <summary>Whether a key of this name may be made.</summary>
    public static bool IsValid(string key) => IsText(key) && !DotSegments.Is(key);

    /// <summary>
    /// Whether it has the characters of a key: also <c>.</c> and <c>..</c>, which earlier versions stored, and which are read and deleted by
    /// operations that do not have the key in their path.
    /// </summary>
    public static bool IsText(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length is > 0 and <= MaxLength && !key.AsSpan().ContainsAnyExcept(Allowed);
    }

    /// <summary>The part in the first braces, when it is not empty; else the whole key.</summary>
    public static ReadOnlySpan<char> TagOf(ReadOnlySpan<char> key)
    {
        var open = key.IndexOf('{');
        var length = open < 0 ? -1 : key[(open + 1)..].IndexOf('}');
        return length > 0 ? key.Slice(open + 1, length) : key;
    }
}
