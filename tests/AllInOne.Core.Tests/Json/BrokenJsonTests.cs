using System.Text;
using System.Text.Json;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Json;

public sealed class BrokenJsonTests
{
    [Theory]
    [InlineData("", "there is nothing in it")]
    [InlineData("{", "at line 1, byte 2: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.")]
    [InlineData("{\n  \"a\": nul}", "at line 2, byte 11: 'nul}' is an invalid JSON literal. Expected the literal 'null'.")]
    [InlineData("{\"a\":1,\"a\":2}", "Duplicate property 'a' encountered during deserialization.")]
    public void The_message_says_what_is_wrong_with_line_and_column_counted_from_one(string json, string expected)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);

        var broken = Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false }));

        Assert.Equal(expected, BrokenJson.Describe(broken, utf8.Length));
    }
}
