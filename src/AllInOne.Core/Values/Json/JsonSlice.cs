using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>The bytes a reader stands at, to be copied as they are: no digit of a number and no escape of a string changes.</summary>
internal static class JsonSlice
{
    /// <summary>A name or a value without parts, quotes included.</summary>
    public static ReadOnlySpan<byte> Token(ReadOnlySpan<byte> json, ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String
            ? json.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2)
            : json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];

    /// <summary>The whole value; leaves the reader at its end.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
