using System.Text.Json;

namespace AllInOne.Core.Values;

/// <summary>
/// Finds escaped lone surrogates (<c>\ud800</c> to <c>\udfff</c>). They are valid JSON but not valid text, so they could not be read back.
/// </summary>
public static class HalfCharacters
{
    /// <param name="json">Valid UTF-8. It may be invalid JSON; its parser reports that.</param>
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
