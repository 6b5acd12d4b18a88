using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Documents;

public sealed class DocumentEditsTests
{
    [Theory]
    [InlineData("{}", "a", null, """{"a":["😀"]}""")]
    [InlineData("{ }", "a.b.c", null, """{ "a":{"b":{"c":["😀"]}}}""")]
    [InlineData("""{"x" : 1.50 }""", "a", null, """{"x" : 1.50 ,"a":["😀"]}""")]
    [InlineData("""{"a":null,"x":1}""", "a", null, """{"a":["😀"],"x":1}""")]
    [InlineData("""{"a":{"b":null},"x":1}""", "a.b.c", 0, """{"a":{"b":{"c":["😀"]}},"x":1}""")]
    [InlineData("""{"a":[],"x":1}""", "a", null, """{"a":["😀"],"x":1}""")]
    [InlineData("""{"a":[ ],"x":1}""", "a", 0, """{"a":[ "😀"],"x":1}""")]
    [InlineData("""{"a":[1 , "😀\u00e4",{}]}""", "a", null, """{"a":[1 , "😀\u00e4",{},"😀"]}""")]
    [InlineData("""{"a":[1 , 2]}""", "a", 0, """{"a":["😀",1 , 2]}""")]
    [InlineData("""{"a":[1 , "2"]}""", "a", -1, """{"a":[1 , "😀","2"]}""")]
    [InlineData("""{"a":[[1],{"b":[]}]}""", "a.1.b", null, """{"a":[[1],{"b":["😀"]}]}""")]
    [InlineData("""{"\u0061":[1]}""", "a", null, """{"\u0061":[1,"😀"]}""")]
    public void An_insertion_changes_no_other_byte_of_the_document(string data, string path, int? index, string expected)
    {
        var (changed, refused) = Insert(data, path, "\"😀\"", index);
        Assert.Null(refused);
        Assert.Equal(expected, changed);
    }

    [Theory]
    [InlineData("{}", "a.0")]
    [InlineData("""{"a":{}}""", "a.0")]
    [InlineData("""{"a":{"0":[]}}""", "a.0")]
    [InlineData("""{"a":{}}""", "a.0.b")]
    [InlineData("{}", "a.b.7")]
    [InlineData("""{"a":[]}""", "a.0")]
    [InlineData("""{"a":[1]}""", "a.b")]
    [InlineData("""{"a":5}""", "a.b")]
    [InlineData("""{"a":5}""", "a")]
    [InlineData("""{"a":{}}""", "a")]
    public void A_place_that_no_filter_could_name_is_not_made(string data, string path)
    {
        var (_, refused) = Insert(data, path, "1", null);
        Assert.Contains($"'{path}'", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void An_equal_value_is_not_inserted_twice_however_it_is_written()
    {
        var (changed, refused) = Insert("""{"a":[{"n":1.0,"t":"\u00e4"}]}""", "a", """{"t":"ä","n":1}""", 0, unique: true);
        Assert.Null(refused);
        Assert.Equal("""{"a":[{"n":1.0,"t":"\u00e4"}]}""", changed);
    }

    [Fact]
    public void Numbers_beyond_all_bounds_are_distinguished_by_their_text()
    {
        var (same, _) = Insert("""{"a":[1e99999999999]}""", "a", "1e99999999999", 0, unique: true);
        var (other, _) = Insert("""{"a":[1e99999999999]}""", "a", "1e99999999998", 0, unique: true);
        Assert.Equal("""{"a":[1e99999999999]}""", same);
        Assert.Equal("""{"a":[1e99999999998,1e99999999999]}""", other);
    }

    [Fact]
    public void A_document_that_is_read_and_written_back_stays_the_same_byte_for_byte()
    {
        var data = Encoding.UTF8.GetBytes("""{"a":"😀é\u00e9","b":1.50E+2,"c\/d":[1 , 2],"é":{ }}""");
        var (body, wrong) = DocumentBody.Read(new Document(DocumentId.Parse("x"), 3, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, data).ToJson(), new DocumentsOptions());
        Assert.Null(wrong);
        Assert.Equal(data, body!.Data.ToArray());
    }

    [Fact]
    public void The_members_of_the_server_do_not_count_towards_the_size()
    {
        var options = new DocumentsOptions { MaxDocumentBytes = 100 };
        var text = new string('x', 100 - "{\"t\":\"\"}".Length);
        var document = new Document(DocumentId.Parse(new string('i', 128)), 7, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes($"{{\"t\":\"{text}\"}}"));

        var (body, wrong) = DocumentBody.Read(document.ToJson(), options);
        var (_, tooLarge) = DocumentBody.Read(Encoding.UTF8.GetBytes($"{{\"id\":\"x\",\"t\":\"{text}x\"}}"), options);

        Assert.Null(wrong);
        Assert.Equal(100, body!.Data.Length);
        Assert.Equal("it has 101 bytes, more than 100", tooLarge);
    }

    private static (string? Data, string? Refused) Insert(string data, string path, string value, int? index, bool unique = false)
    {
        using var json = JsonDocument.Parse(value);
        var (changed, refused) = DocumentEdits.Insert(
            Encoding.UTF8.GetBytes(data), FieldPath.Parse(path), json.RootElement, index, unique, new DocumentsOptions());
        return (refused is null ? Encoding.UTF8.GetString(changed.Span) : null, refused);
    }
}
