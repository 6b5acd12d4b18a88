using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>The bytes at the position of a reader, for a copy that changes no digit of a number and no escape of a string.</summary>
internal static class JsonSlice
{
    /// <summary>A name, or a value that is not an object or array; with its quotes.</summary>
    public static ReadOnlySpan<byte> Token(ReadOnlySpan<byte> json, ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String
            ? json.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2)
            : json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];

    /// <summary>The whole value. The reader moves to its end.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
