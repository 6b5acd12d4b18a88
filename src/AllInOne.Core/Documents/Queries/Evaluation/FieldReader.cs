using System.Globalization;
using System.Text.Json;

namespace AllInOne.Core.Documents.Queries.Evaluation;

/// <summary>Finds the value of a field in the JSON of a document, without parsing more of it than necessary.</summary>
internal static class FieldReader
{
    /// <summary>The maximum depth for reading: no stored document is deeper.</summary>
    private const int MaxDepth = 1024;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = MaxDepth };

    /// <summary>Finds a value. If a name is there twice, the first member counts.</summary>
    /// <param name="json">A well-formed JSON object.</param>
    /// <param name="value">A reader at the first token of the value.</param>
    /// <returns>False if the document has no such value.</returns>
    public static bool TryFind(ReadOnlySpan<byte> json, FieldPath path, out Utf8JsonReader value)
    {
        value = new Utf8JsonReader(json, Deep);
        value.Read();
        foreach (var segment in path.Segments)
        {
            if (!(FieldPath.IsIndex(segment) ? Enter(ref value, int.Parse(segment, CultureInfo.InvariantCulture)) : Enter(ref value, segment)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of a string, unescaped, in UTF-8.</summary>
    /// <param name="value">A reader at a string.</param>
    public static ReadOnlySpan<byte> Text(ref Utf8JsonReader value)
    {
        if (!value.ValueIsEscaped)
        {
            return value.ValueSpan;
        }

        var buffer = new byte[value.ValueSpan.Length];
        return buffer.AsSpan(0, value.CopyString(buffer));
    }

    private static bool Enter(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                return reader.Read();
            }

            reader.Skip();
        }

        return false;
    }

    private static bool Enter(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
