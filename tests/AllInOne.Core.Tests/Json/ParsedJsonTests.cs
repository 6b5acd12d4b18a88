using System.Text;
using System.Text.Json;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Json;

public sealed class ParsedJsonTests
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_large_text_is_read_in_the_same_way_if_memory_is_small(bool isMemorySmall)
    {
        var numbers = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 50_000))}]");
        var text = Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', ParsedJson.LargeBytes)}}"}""");

        using var parsed = ParsedJson.Parse(numbers, Strict, isMemorySmall);
        using var other = ParsedJson.Parse(text, Strict, isMemorySmall);

        Assert.Equal(Enumerable.Range(0, 50_000), parsed.RootElement.EnumerateArray().Select(number => number.GetInt32()));
        Assert.Equal(ParsedJson.LargeBytes, other.RootElement.GetProperty("a").GetString()!.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_large_text_that_is_wrong_is_refused_if_memory_is_small(bool isMemorySmall)
    {
        var large = new string(' ', ParsedJson.LargeBytes);
        foreach (var wrong in new[] { "[1,", """{"a":1,"a":2}""", $"{new string('[', 65)}{new string(']', 65)}" })
        {
            Assert.ThrowsAny<JsonException>(() => ParsedJson.Parse(Encoding.UTF8.GetBytes(wrong + large), Strict, isMemorySmall));
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[1,2,[3],{}]")]
    [InlineData("""{"a":{"b":[{"c":1},{"d":[[],[]]}]},"e":"f"}""")]
    public void The_table_has_room_for_every_value(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(utf8);
        var values = 0;
        while (reader.Read())
        {
            values++;
        }

        Assert.InRange(ParsedJson.TableBytes(utf8), 12 * values, 12 * 3 * values);
    }
}
