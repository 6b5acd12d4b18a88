using System.Text.Json;

namespace AllInOne.Core.Values;

/// <summary>An escaped lone surrogate (<c>\ud800</c> to <c>\udfff</c>) is legal JSON but no legal text, so it could not be read back.</summary>
public static class HalfCharacters
{
    /// <param name="json">Valid UTF-8. What else is wrong with it is for its parser to say.</param>
    public static bool AreIn(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return false;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
