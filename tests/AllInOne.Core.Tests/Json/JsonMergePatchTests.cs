using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AllInOne.Core.Tests.Documents.Queries;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Json;

public class JsonMergePatchTests
{
    // RFC 7396, appendix A.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"a":"foo"}""", "null", "null")]
    [InlineData("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("[1,2]", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void The_examples_of_the_RFC_give_their_results(string target, string patch, string expected) => Assert.Equal(expected, Apply(target, patch));

    [Theory]
    [InlineData("""{"n":1.50E+2,"m":12345678901234567890.10}""", """{"k":-0.0e-5}""", """{"n":1.50E+2,"m":12345678901234567890.10,"k":-0.0e-5}""")]
    [InlineData("""{"s":"\u00e9\/"}""", """{"t":"\ud83d\ude00","u\n":1}""", """{"s":"\u00e9\/","t":"\ud83d\ude00","u\n":1}""")]
    [InlineData("""{"lone":"\ud800"}""", """{"other":"\udc00"}""", """{"lone":"\ud800","other":"\udc00"}""")]
    [InlineData("""{"a":[ {"x":null} ]}""", """{"b":[{"y":null}]}""", """{"a":[ {"x":null} ],"b":[{"y":null}]}""")]
    [InlineData("""{"\ud800":1,"a":2}""", """{"a":3}""", """{"\ud800":1,"a":3}""")]
    public void Unchanged_members_are_copied_byte_for_byte(string target, string patch, string expected) =>
        Assert.Equal(expected, Apply(target, patch));

    [Theory]
    [InlineData("""{"\u0061":1}""", """{"a":2}""", """{"\u0061":2}""")]
    [InlineData("""{"a":1}""", """{"\u0061":null}""", "{}")]
    [InlineData("""{"a":1,"a":2,"b":3}""", """{"a":4}""", """{"a":4,"b":3}""")]
    [InlineData("{}", """{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""")]
    [InlineData("""{"a":1}""", """{"A":2}""", """{"a":1,"A":2}""")]
    public void Names_are_compared_by_what_they_mean(string target, string patch, string expected) => Assert.Equal(expected, Apply(target, patch));

    [Fact]
    public void Without_a_target_the_patch_without_its_nulls_is_the_document() =>
        Assert.Equal("""{"a":{"b":1}}""", Apply("", """{"a":{"b":1,"c":null},"d":null}"""));

    [Theory]
    [InlineData("{}", "")]
    [InlineData("{}", "{")]
    [InlineData("{}", """{"a":1,}""")]
    [InlineData("{}", "{} {}")]
    [InlineData("{}", """{"\ud800":1}""")]
    [InlineData("{", """{"a":1}""")]
    [InlineData("""{"a":1""", """{"a":2}""")]
    [InlineData("{} 1", """{"a":2}""")]
    public void A_text_that_is_no_JSON_is_refused(string target, string patch) => Assert.ThrowsAny<JsonException>(() => Apply(target, patch));

    [Fact]
    public void Depth_past_the_limit_is_refused_on_either_side()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        Assert.Equal(Nested(64), Apply(Nested(64), Nested(64)));
        Assert.ThrowsAny<JsonException>(() => Apply("{}", Nested(65)));
        Assert.ThrowsAny<JsonException>(() => Apply(Nested(65), "{}"));
        Assert.ThrowsAny<JsonException>(() => Apply("{}", new string('[', 1_000_000)));
    }

    [Fact]
    public void Random_patches_do_what_the_definition_says()
    {
        var random = new Random(1);
        var queries = new RandomQueries(random);
        for (var i = 0; i < 3_000; i++)
        {
            var (target, patch) = (queries.Document(i).Data, queries.Document(i).Data);
            var expected = Defined(JsonNode.Parse(target), JsonNode.Parse(patch));
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(Apply(target, patch))), $"{target}\n{patch}");
        }
    }

    // The pseudo-code of RFC 7396, section 2.
    private static JsonNode? Defined(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Defined(merged[name]?.DeepClone(), value);
            }
        }

        return merged;
    }

    private static string Apply(string target, string patch)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonMergePatch.Apply(Encoding.UTF8.GetBytes(target), Encoding.UTF8.GetBytes(patch), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
