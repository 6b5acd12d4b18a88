using System.Text.Json;
using System.Text.Unicode;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>The rules for values: valid JSON within the limits.</summary>
public static class StateJson
{
    /// <summary>Checks a value. Returns the reason why it is not allowed, in a few words; null if it is allowed.</summary>
    /// <param name="utf8">The value without white space around it.</param>
    /// <param name="inside">The number of arrays and objects that will contain the value.</param>
    public static string? Check(ReadOnlySpan<byte> utf8, StateOptions options, int inside = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (utf8.Length > options.MaxValueBytes)
        {
            return $"the value has {utf8.Length} bytes, more than {options.MaxValueBytes}";
        }

        if (utf8.IsEmpty || utf8[0] <= ' ' || utf8[^1] <= ' ')
        {
            return "the value is empty, or has white space round it";
        }

        if (!Utf8.IsValid(utf8))
        {
            return "the value is not UTF-8";
        }

        if (HalfCharacters.AreIn(utf8))
        {
            return "the value has half of a surrogate pair (\\ud800 to \\udfff), which is no text";
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = options.MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth + inside >= options.MaxDepth)
                {
                    return $"there are more than {options.MaxDepth} arrays and objects inside one another";
                }
            }

            return null;
        }
        catch (JsonException broken)
        {
            return $"the value is not right JSON: {BrokenJson.Describe(broken, utf8.Length)}";
        }
    }
}
