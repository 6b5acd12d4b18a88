using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>Compares JSON values by their meaning, not by their text.</summary>
internal static class JsonEquality
{
    public static bool AreEqual(JsonElement one, JsonElement other)
    {
        try
        {
            return JsonElement.DeepEquals(one, other);
        }
        catch (ArgumentOutOfRangeException)
        {
            // Numbers with an exponent that no integer holds are beyond it; they are equal as they are written.
            return one.GetRawText() == other.GetRawText();
        }
    }
}
