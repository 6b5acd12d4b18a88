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
            // A number whose exponent is outside of the range of an integer is compared by its text.
            return one.GetRawText() == other.GetRawText();
        }
    }
}
