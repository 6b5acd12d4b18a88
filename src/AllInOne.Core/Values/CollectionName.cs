namespace AllInOne.Core.Values;

/// <summary>The name of a collection: 1 to 64 letters, digits, <c>_</c> and <c>-</c>, and a letter or a digit first.</summary>
public readonly record struct CollectionName : IComparable<CollectionName>
{
    /// <summary>The rule as text for error messages.</summary>
    public const string Rule = "1 to 64 letters, digits, '_' and '-', a letter or digit first";

    private readonly string? _value;

    private CollectionName(string value) => _value = value;

    /// <summary>The text of the name; empty for <c>default</c>, which no parser returns.</summary>
    public string Value => _value ?? "";

    public static bool TryParse(string? text, out CollectionName name)
    {
        var isName = text is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        name = isName ? new CollectionName(text!) : default;
        return isName;
    }

    /// <summary>Reads a name that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not valid.</exception>
    public static CollectionName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is no name of a collection: {Rule}.");

    /// <summary>The order of lists and of their cursors: ordinal.</summary>
    public int CompareTo(CollectionName other) => string.CompareOrdinal(Value, other.Value);

    public static bool operator <(CollectionName left, CollectionName right) => left.CompareTo(right) < 0;

    public static bool operator >(CollectionName left, CollectionName right) => left.CompareTo(right) > 0;

    public static bool operator <=(CollectionName left, CollectionName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CollectionName left, CollectionName right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value;

    /// <summary>A name from the file. It was checked before it was stored.</summary>
    internal static CollectionName Stored(string text) => new(text);
}
