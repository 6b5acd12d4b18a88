using System.Text.Json;

namespace AllInOne.Core.Documents.Queries.Filters;

/// <summary>The value of a comparison: a string, a number with its original text, true, false or null.</summary>
/// <param name="Text">The content of a string, or the JSON of another value.</param>
internal sealed record FilterValue(JsonValueKind Kind, string Text)
{
    public static FilterValue Null { get; } = new(JsonValueKind.Null, "null");

    public static FilterValue True { get; } = new(JsonValueKind.True, "true");

    public static FilterValue False { get; } = new(JsonValueKind.False, "false");

    public static FilterValue Number(string json) => new(JsonValueKind.Number, json);

    public static FilterValue String(string text) => new(JsonValueKind.String, text);

    /// <summary>The value as it is written in a filter.</summary>
    public override string ToString() => Kind == JsonValueKind.String ? $"\"{JsonEncodedText.Encode(Text)}\"" : Text;
}
