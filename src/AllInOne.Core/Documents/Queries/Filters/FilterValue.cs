using System.Text.Json;

namespace AllInOne.Core.Documents.Queries.Filters;

/// <summary>What a field is compared with: a string, a number as the text it was written with, true, false or null.</summary>
/// <param name="Text">The string without quotes, or the JSON of all else.</param>
internal sealed record FilterValue(JsonValueKind Kind, string Text)
{
    public static FilterValue Null { get; } = new(JsonValueKind.Null, "null");

    public static FilterValue True { get; } = new(JsonValueKind.True, "true");

    public static FilterValue False { get; } = new(JsonValueKind.False, "false");

    public static FilterValue Number(string json) => new(JsonValueKind.Number, json);

    public static FilterValue String(string text) => new(JsonValueKind.String, text);

    /// <summary>As the language writes it.</summary>
    public override string ToString() => Kind == JsonValueKind.String ? $"\"{JsonEncodedText.Encode(Text)}\"" : Text;
}
