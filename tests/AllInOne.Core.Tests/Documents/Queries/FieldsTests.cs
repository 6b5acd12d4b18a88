using System.Buffers;
using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents.Queries;

namespace AllInOne.Core.Tests.Documents.Queries;

public class FieldsTests
{
    private const string Order =
        """{"id":"o1","version":3,"n":1.50e+2,"s":"a\u00e9\"\/","customer":{"name":"Ann","address":{"city":"Ulm","zip":"1"}},"lines":[{"sku":"x","price":1.10,"tags":["t"]},{"sku":"y"},7,[{"sku":"z"}]],"none":null}""";

    [Theory]
    [InlineData("n", """{"id":"o1","n":1.50e+2}""")]
    [InlineData("s, none", """{"id":"o1","s":"a\u00e9\"\/","none":null}""")]
    [InlineData("id", """{"id":"o1"}""")]
    [InlineData("missing,customer.missing", """{"id":"o1","customer":{}}""")]
    [InlineData("customer.name", """{"id":"o1","customer":{"name":"Ann"}}""")]
    [InlineData("customer.address.city,customer.address.zip", """{"id":"o1","customer":{"address":{"city":"Ulm","zip":"1"}}}""")]
    [InlineData("customer.address,customer.address.city", """{"id":"o1","customer":{"address":{"city":"Ulm","zip":"1"}}}""")]
    [InlineData("n.x,s.0,none.x", """{"id":"o1"}""")]
    [InlineData("lines.sku", """{"id":"o1","lines":[{"sku":"x"},{"sku":"y"},[{"sku":"z"}]]}""")]
    [InlineData("lines.0", """{"id":"o1","lines":[{"sku":"x","price":1.10,"tags":["t"]}]}""")]
    [InlineData("lines.1.sku,lines.0.price", """{"id":"o1","lines":[{"price":1.10},{"sku":"y"}]}""")]
    [InlineData("lines.2", """{"id":"o1","lines":[7]}""")]
    [InlineData("lines.9", """{"id":"o1","lines":[]}""")]
    [InlineData("customer.0", """{"id":"o1"}""")]
    [InlineData("version", """{"id":"o1","version":3}""")]
    public void Requested_fields_are_kept_byte_for_byte(string fields, string expected) => Assert.Equal(expected, Write(fields, Order));

    [Fact]
    public void An_escaped_name_is_the_name_it_means() =>
        Assert.Equal("""{"\u0061":{"b":1}}""", Write("a.b", """{ "\u0061" : { "b" : 1, "c" : 2 } }"""));

    [Theory]
    [InlineData("", 1)]
    [InlineData("a,", 3)]
    [InlineData("a,b c", 4)]
    [InlineData("a,$.b", 3)]
    [InlineData("version.x", 1)]
    public void An_invalid_list_of_fields_is_refused_with_its_place(string fields, int position)
    {
        var refused = Assert.Throws<QueryException>(() => Fields.Parse(fields, QueryLimits.Default));
        Assert.Equal(("fields", position), (refused.Parameter, refused.Position));
    }

    [Fact]
    public void Too_many_fields_are_refused() => Assert.Throws<QueryException>(() =>
        Fields.Parse(string.Join(',', Enumerable.Range(0, 101).Select(i => $"f{i}")), QueryLimits.Default));

    [Fact]
    public void The_list_says_which_members_of_the_server_are_requested()
    {
        var fields = Fields.Parse("a.b,created", QueryLimits.Default);
        Assert.True(fields.Include("id") && fields.Include("created") && fields.Include("a"));
        Assert.False(fields.Include("version"));
    }

    [Fact]
    public void The_result_of_random_documents_is_well_formed()
    {
        var random = new Random(1);
        var queries = new RandomQueries(random);
        for (var i = 0; i < 3_000; i++)
        {
            var document = queries.Document(i);
            var path = queries.Path();
            using var written = JsonDocument.Parse(Write(path, document.Data));
            var before = PlainValue.Of(document, path);
            if (!path.Contains('0', StringComparison.Ordinal) && !path.Contains('1', StringComparison.Ordinal)
                && before.ValueKind != JsonValueKind.Null && path is not ("id" or "version" or "created" or "updated"))
            {
                Assert.True(JsonElement.DeepEquals(before, PlainValue.Of(document with { Data = written.RootElement.GetRawText() }, path)));
            }
        }
    }

    private static string Write(string fields, string json)
    {
        var output = new ArrayBufferWriter<byte>();
        Fields.Parse(fields, QueryLimits.Default).Write(Encoding.UTF8.GetBytes(json), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
