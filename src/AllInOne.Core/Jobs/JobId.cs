namespace AllInOne.Core.Jobs;

/// <summary>The id of a job: 1 to 64 letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, and a letter or a digit first.</summary>
public readonly record struct JobId : IComparable<JobId>
{
    /// <summary>The rule as text for error messages.</summary>
    public const string Rule = "1 to 64 letters, digits, '_', '-' and '.', a letter or digit first";

    private readonly string? _value;

    private JobId(string value) => _value = value;

    /// <summary>The text of the id; empty for <c>default</c>, which no parser returns.</summary>
    public string Value => _value ?? "";

    public static bool TryParse(string? text, out JobId id)
    {
        var isId = text is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
        id = isId ? new JobId(text!) : default;
        return isId;
    }

    /// <summary>Reads an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not valid.</exception>
    public static JobId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no id of a job: {Rule}.");

    /// <summary>The order of lists and of their cursors: ordinal.</summary>
    public int CompareTo(JobId other) => string.CompareOrdinal(Value, other.Value);

    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value;

    /// <summary>An id from the file. It was checked before it was stored.</summary>
    internal static JobId Stored(string text) => new(text);
}
