using System.Buffers;

namespace AllInOne.Core.Values;

/// <summary>
/// The key of a server-wide value: 1 to 512 letters, digits and <c>_ . : @ { } -</c>. In a key such as <c>cart:{ann}:lines</c>, the part in the first
/// braces is its tag, as in Redis Cluster. Keys of one tag are in one shard, so they can change together.
/// </summary>
public readonly record struct StateKey
{
    public const int MaxLength = 512;

    /// <summary>The rule as text for error messages.</summary>
    public const string Rule = "a key is 1 to 512 letters, digits and _ . : @ { } -, and not . or ..";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:@{}-");

    private readonly string? _value;

    private StateKey(string value) => _value = value;

    /// <summary>The text of the key; empty for <c>default</c>, which no parser returns.</summary>
    public string Value => _value ?? "";

    /// <summary>The part in the first braces, if it is not empty; otherwise the whole key.</summary>
    public ReadOnlySpan<char> Tag => TagOf(Value);

    /// <summary>Reads a key that a client may create.</summary>
    public static bool TryParse(string? text, out StateKey key) => TryParseStored(text, out key) && !DotSegments.Is(key.Value);

    /// <summary>
    /// Reads a key that may be stored. This includes <c>.</c> and <c>..</c>, which earlier versions stored. Operations that do not have the key in
    /// their path can read and delete them.
    /// </summary>
    public static bool TryParseStored(string? text, out StateKey key)
    {
        var isKey = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        key = isKey ? new StateKey(text!) : default;
        return isKey;
    }

    /// <summary>Reads a key that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not valid.</exception>
    public static StateKey Parse(string text) => TryParse(text, out var key) ? key : throw new FormatException($"'{text}' is no key: {Rule}.");

    public override string ToString() => Value;

    /// <summary>The tag of a key that was checked before it was stored.</summary>
    internal static ReadOnlySpan<char> TagOf(ReadOnlySpan<char> key)
    {
        var open = key.IndexOf('{');
        var length = open < 0 ? -1 : key[(open + 1)..].IndexOf('}');
        return length > 0 ? key.Slice(open + 1, length) : key;
    }
}
