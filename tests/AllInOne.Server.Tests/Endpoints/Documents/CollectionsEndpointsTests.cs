using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AllInOne.Server.Tests.Endpoints.Documents;

public sealed class CollectionsEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Put_declares_indexes_and_retention_and_changes_them()
    {
        using var created = await server.SendAsync("PUT", "/api/collections/declared", """{"indexes": ["customer.city", "total", "created"], "retention": "P30D"}""");
        using var document = await server.SendAsync("PUT", "/api/collections/declared/documents/a", """{"total": 3}""");
        using var changed = await server.SendAsync("PUT", "/api/collections/declared", """{"indexes": ["total", "updated"]}""");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var shown = await server.GetJsonAsync("/api/collections/declared");
        Assert.Equal(["total", "updated"], shown.GetProperty("indexes").EnumerateArray().Select(path => path.GetString()!));
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("retention").ValueKind);
        Assert.Equal(1, shown.GetProperty("documents").GetInt64());
        var list = await server.GetJsonAsync("/api/collections");
        Assert.Contains("declared", list.GetProperty("items").EnumerateArray().Select(each => each.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Put_answers_the_number_of_documents_and_a_list_leaves_it_out()
    {
        using var created = await server.SendAsync("PUT", "/api/collections/numbered", "{}");
        using var document = await server.SendAsync("PUT", "/api/collections/numbered/documents/a", """{"total": 3}""");
        using var changed = await server.SendAsync("PUT", "/api/collections/numbered", """{"indexes": ["total"]}""");

        Assert.Equal(0, (await ReadAsync(created)).GetProperty("documents").GetInt64());
        Assert.Equal(1, (await ReadAsync(changed)).GetProperty("documents").GetInt64());
        var list = await server.GetJsonAsync("/api/collections?cursor=numbere&limit=1");
        Assert.False(list.GetProperty("items")[0].TryGetProperty("documents", out _));

        static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
            JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_filter_that_the_docs_show_finds_the_document_that_they_show()
    {
        var document = Documented("collections.md", "-d '([^']+)'");
        var filter = Documented("filters.md", "'filter=([^']+)'");
        using var posted = await server.SendAsync("POST", "/api/collections/shown/documents", document);

        var found = await server.GetJsonAsync($"/api/collections/shown/documents?filter={Uri.EscapeDataString(filter)}");

        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        Assert.Single(found.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"indexes": "total"}""")]
    [InlineData("""{"indexes": ["a b"]}""")]
    [InlineData("""{"indexes": ["id"]}""")]
    [InlineData("""{"retention": "P1M"}""")]
    [InlineData("""{"retention": "-P1D"}""")]
    [InlineData("""{"retention": 7}""")]
    [InlineData("""{"retention": "P1000000D"}""")]
    [InlineData("""{"unique": []}""")]
    public async Task A_definition_that_means_nothing_is_422(string body)
    {
        using var refused = await server.SendAsync("PUT", "/api/collections/bad", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        using var none = await server.SendAsync("GET", "/api/collections/bad");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task An_export_can_be_imported_into_another_collection()
    {
        for (var n = 0; n < 25; n++)
        {
            using var _ = await server.SendAsync("PUT", $"/api/collections/source/documents/d{n:00}", $$"""{"n": {{n}}, "text": "ž\n"}""");
        }

        var lines = await server.Client.GetStringAsync(new Uri("/api/collections/source/export", UriKind.Relative));
        var imported = await ImportAsync("target", lines);

        Assert.Equal(25, imported.GetProperty("imported").GetInt64());
        Assert.Equal(0, imported.GetProperty("failed").GetInt64());
        var copy = await server.Client.GetStringAsync(new Uri("/api/collections/target/export", UriKind.Relative));
        Assert.Equal(Data(lines), Data(copy));
    }

    [Fact]
    public async Task A_broken_line_is_reported_by_its_number_and_the_others_are_imported()
    {
        var answer = await ImportAsync("lines", "{\"id\":\"a\"}\r\n\n{\"id\":\n[]\n{\"id\":\"b\"}");

        Assert.Equal(2, answer.GetProperty("imported").GetInt64());
        Assert.Equal(2, answer.GetProperty("failed").GetInt64());
        Assert.Equal([3, 4], answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task With_atomic_a_broken_line_prevents_the_whole_import()
    {
        using var refused = await PostLinesAsync("atomic", "{\"id\":\"a\"}\n{\"id\":\n", "?atomic=true");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync());
        Assert.True(problem.GetProperty("errors").TryGetProperty("line 2", out _));
        using var none = await server.SendAsync("GET", "/api/collections/atomic");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);

        Assert.Equal(1, (await ImportAsync("atomic", "{\"id\":\"a\"}\n", "?atomic=true")).GetProperty("imported").GetInt64());
    }

    [Fact]
    public async Task With_atomic_many_small_lines_are_bounded_by_the_memory_they_take()
    {
        using var refused = await PostLinesAsync("atomic-small", string.Concat(Enumerable.Repeat("{}\n", 300_000)), "?atomic=true");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        using var none = await server.SendAsync("GET", "/api/collections/atomic-small");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_byte_order_mark_at_the_start_of_an_import_is_no_part_of_its_first_line()
    {
        var answer = await ImportAsync("marked", "\uFEFF{\"id\":\"a\"}\n{\"id\":\"b\"}\n");

        Assert.Equal(2, answer.GetProperty("imported").GetInt64());
    }

    [Fact]
    public async Task A_document_that_is_put_while_its_collection_is_deleted_creates_it_again()
    {
        for (var round = 0; round < 50; round++)
        {
            using var first = await server.SendAsync("PUT", "/api/collections/ending/documents/a", "{}");
            var dropping = server.SendAsync("DELETE", "/api/collections/ending");
            var putting = server.SendAsync("PUT", "/api/collections/ending/documents/b", "{}");
            using var dropped = await dropping;
            using var put = await putting;

            Assert.Equal(HttpStatusCode.NoContent, dropped.StatusCode);
            Assert.True(put.IsSuccessStatusCode, $"{put.StatusCode}");
        }
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_skipped_and_not_kept_in_memory()
    {
        var answer = await ImportAsync("long", $"{{\"id\":\"a\"}}\n{{\"x\":\"{new string('x', 3 * 1024 * 1024)}\"}}\n{{\"id\":\"b\"}}\n");

        Assert.Equal(2, answer.GetProperty("imported").GetInt64());
        Assert.Equal(2, answer.GetProperty("errors")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task An_import_takes_lines_of_json_only()
    {
        using var refused = await server.SendAsync("POST", "/api/collections/lines/import", "{}");
        using var asked = await PostLinesAsync("lines", "{}\n", "?atomic=maybe");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, asked.StatusCode);
    }

    private static IEnumerable<string> Data(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Select(document => $"{document.GetProperty("id")} {document.GetProperty("n")} {document.GetProperty("text")}");

    private async Task<JsonElement> ImportAsync(string collection, string lines, string query = "")
    {
        using var response = await PostLinesAsync(collection, lines, query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> PostLinesAsync(string collection, string lines, string query = "")
    {
        using var content = new StringContent(lines, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/x-ndjson"));
        return await server.Client.PostAsync(new Uri($"/api/collections/{collection}/import{query}", UriKind.Relative), content);
    }

    private static string Documented(string page, string pattern) =>
        Regex.Match(File.ReadAllText(Repository.At("docs", page)), pattern).Groups[1].Value;
}
