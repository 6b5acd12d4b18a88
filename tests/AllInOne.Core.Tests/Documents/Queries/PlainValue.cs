using System.Text;
using System.Text.Json;

namespace AllInOne.Core.Tests.Documents.Queries;

/// <summary>
/// The value of a field, looked up and compared in plain C# as docs/filters.md defines it, independent of SQL.
/// </summary>
internal static class PlainValue
{
    /// <summary>The number of characters of a string that count in an order.</summary>
    private const int KeyCharacters = 128;

    private static readonly JsonElement Missing = JsonDocument.Parse("null").RootElement;

    public static JsonElement Of(TestDocument document, string path)
    {
        var own = path switch
        {
            "id" => JsonSerializer.SerializeToElement(document.Id),
            "version" => JsonSerializer.SerializeToElement(document.Version),
            "created" => JsonSerializer.SerializeToElement(document.Created),
            "updated" => JsonSerializer.SerializeToElement(document.Updated),
            _ => (JsonElement?)null,
        };
        if (own is { } found)
        {
            return found;
        }

        var value = JsonDocument.Parse(document.Data).RootElement;
        foreach (var segment in path.Split('.'))
        {
            value = Part(value, segment);
        }

        return value;
    }

    /// <summary>The rank of a type: null, false, true, numbers, strings, others.</summary>
    public static int Rank(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => 0,
        JsonValueKind.False => 1,
        JsonValueKind.True => 2,
        JsonValueKind.Number => 3,
        JsonValueKind.String => 4,
        _ => 5,
    };

    /// <summary>Compares two values. Of strings, only the first <paramref name="characters"/> characters count.</summary>
    public static int Compare(JsonElement left, JsonElement right, int characters = int.MaxValue)
    {
        if (Rank(left) != Rank(right))
        {
            return Rank(left).CompareTo(Rank(right));
        }

        return left.ValueKind switch
        {
            JsonValueKind.Number => Compare(left, right),
            JsonValueKind.String => CompareText(left.GetString()!, right.GetString()!, characters),
            _ => 0,
        };
    }

    /// <summary>The documents in an order.</summary>
    /// <param name="fields">The fields, each with a leading <c>-</c> for the opposite direction.</param>
    public static IEnumerable<TestDocument> Sort(IEnumerable<TestDocument> documents, List<string> fields)
    {
        List<string> whole = [.. fields, fields.LastOrDefault()?.StartsWith('-') ?? false ? "-id" : "id"];
        return documents.Order(Comparer<TestDocument>.Create((left, right) =>
            whole.Select(field => Compare(left, right, field)).FirstOrDefault(order => order != 0)));
    }

    public static int CompareText(string left, string right, int characters = int.MaxValue) =>
        Beginning(left, characters).SequenceCompareTo(Beginning(right, characters));

    private static int Compare(TestDocument left, TestDocument right, string field)
    {
        var path = field.TrimStart('-');
        var order = Compare(Of(left, path), Of(right, path), KeyCharacters);
        return field.StartsWith('-') ? -order : order;
    }

    // Compares whole numbers exactly, and all others as doubles.
    private static int Compare(JsonElement left, JsonElement right) =>
        left.TryGetInt64(out var whole) && right.TryGetInt64(out var other)
            ? whole.CompareTo(other)
            : left.GetDouble().CompareTo(right.GetDouble());

    private static ReadOnlySpan<byte> Beginning(string text, int characters) =>
        Encoding.UTF32.GetByteCount(text) / 4 <= characters
            ? Encoding.UTF8.GetBytes(text)
            : Encoding.UTF8.GetBytes(string.Concat(text.EnumerateRunes().Take(characters)));

    private static JsonElement Part(JsonElement value, string segment)
    {
        if (int.TryParse(segment, out var index))
        {
            return value.ValueKind == JsonValueKind.Array && index < value.GetArrayLength() ? value[index] : Missing;
        }

        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(segment, out var member) ? member : Missing;
    }
}
