using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Documents;

public sealed class DocumentsEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Orders = "/api/collections/orders/documents";

    [Fact]
    public async Task Post_creates_the_collection_and_a_document_with_a_sortable_id()
    {
        var ids = new List<string>();
        for (var n = 0; n < 50; n++)
        {
            using var created = await server.SendAsync("POST", "/api/collections/made/documents", $$"""{"n": {{n}}, "price": 1.50}""");
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            var document = await JsonOf(created);
            ids.Add(document.GetProperty("id").GetString()!);
            Assert.Equal($"/api/collections/made/documents/{ids[^1]}", created.Headers.Location!.OriginalString);
            Assert.Equal("\"1\"", created.Headers.ETag!.Tag);
            Assert.Equal(["id", "version", "created", "updated", "n", "price"], document.EnumerateObject().Select(member => member.Name));
            Assert.Equal("1.50", document.GetProperty("price").GetRawText());
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        var list = await server.GetJsonAsync("/api/collections/made/documents?limit=100");
        Assert.Equal(ids, Ids(list));
    }

    [Fact]
    public async Task An_array_is_stored_as_a_whole_or_not_at_all()
    {
        using var both = await server.SendAsync("POST", "/api/collections/whole/documents", """[{"id": "a", "n": 1}, {"id": "b", "n": 2}]""");
        using var taken = await server.SendAsync("POST", "/api/collections/whole/documents", """[{"id": "c"}, {"id": "b"}]""");
        using var broken = await server.SendAsync("POST", "/api/collections/whole/documents", """[{"id": "d"}, 7]""");
        using var twice = await server.SendAsync("POST", "/api/collections/whole/documents", """[{"id": "e"}, {"id": "e"}]""");

        Assert.Equal(HttpStatusCode.Created, both.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, broken.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twice.StatusCode);
        Assert.Equal(["a", "b"], Ids(await server.GetJsonAsync("/api/collections/whole/documents")));
    }

    [Fact]
    public async Task A_document_can_be_written_back_as_it_was_read_and_a_condition_guards_it()
    {
        using var created = await server.SendAsync("PUT", $"{Orders}/o1", """{"customer": {"city": "Zagreb"}, "lines": []}""");
        var read = await server.Client.GetStringAsync(new Uri($"{Orders}/o1", UriKind.Relative));
        using var again = await SendAsync("PUT", $"{Orders}/o1", read, ifMatch: "\"1\"");
        using var late = await SendAsync("PUT", $"{Orders}/o1", read, ifMatch: "\"1\"");
        using var onlyNew = await SendAsync("PUT", $"{Orders}/o1", read, ifNoneMatch: "*");
        using var unlike = await server.SendAsync("PUT", $"{Orders}/o2", """{"id": "o3"}""");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("\"2\"", again.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, onlyNew.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unlike.StatusCode);
        Assert.Equal("Zagreb", (await server.GetJsonAsync($"{Orders}/o1")).GetProperty("customer").GetProperty("city").GetString());
        using var unchanged = await SendAsync("GET", $"{Orders}/o1", null, ifNoneMatch: "\"2\"");
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_document_that_is_created_again_never_has_the_tag_of_the_deleted_one()
    {
        using var first = await server.SendAsync("PUT", "/api/collections/again/documents/x", "{}");
        using var second = await server.SendAsync("PUT", "/api/collections/again/documents/x", "{}");
        using var gone = await server.SendAsync("DELETE", "/api/collections/again/documents/x");
        using var anew = await server.SendAsync("PUT", "/api/collections/again/documents/x", "{}");
        using var dropped = await server.SendAsync("DELETE", "/api/collections/again");
        using var afterAll = await server.SendAsync("PUT", "/api/collections/again/documents/x", "{}");

        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal("\"3\"", anew.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NoContent, dropped.StatusCode);
        Assert.Equal("\"4\"", afterAll.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_merge_patch_changes_what_it_names_and_keeps_the_digits_of_the_rest()
    {
        using var _ = await server.SendAsync("PUT", $"{Orders}/patch", """{"a": {"b": 1.10, "c": 2}, "d": [1, 2], "big": 12345678901234567890}""");
        using var patched = await SendAsync(
            "PATCH", $"{Orders}/patch", """{"a": {"c": null, "e": {"f": null}}, "d": "x", "version": 99}""", type: "application/merge-patch+json");

        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        var document = await JsonOf(patched);
        Assert.Equal("""{"b":1.10,"e":{}}""", document.GetProperty("a").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("12345678901234567890", document.GetProperty("big").GetRawText());
        Assert.Equal(2, document.GetProperty("version").GetInt64());
        using var missing = await server.SendAsync("PATCH", $"{Orders}/nobody", "{}");
        using var noObject = await server.SendAsync("PATCH", $"{Orders}/patch", "[]");
        using var other = await server.SendAsync("PATCH", $"{Orders}/patch", """{"id": "another", "d": 1}""");
        using var own = await server.SendAsync("PATCH", $"{Orders}/patch", """{"id": "patch", "d": 2}""");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, noObject.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal((3, 2), ((await JsonOf(own)).GetProperty("version").GetInt32(), (await JsonOf(own)).GetProperty("d").GetInt32()));
    }

    [Fact]
    public async Task Many_concurrent_inserts_into_one_array_lose_nothing()
    {
        using var _ = await server.SendAsync("PUT", $"{Orders}/array", "{}");
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
        {
            using var inserted = await server.SendAsync("POST", $"{Orders}/array/insert", $$"""{"path": "order.tags", "value": {{n}}}""");
            Assert.Equal(HttpStatusCode.OK, inserted.StatusCode);
        }));
        using var twice = await server.SendAsync("POST", $"{Orders}/array/insert", """{"path": "order.tags", "value": 7, "unique": true}""");
        using var first = await server.SendAsync("POST", $"{Orders}/array/insert", """{"path": "order.tags", "value": "first", "index": 0}""");

        var tags = (await server.GetJsonAsync($"{Orders}/array")).GetProperty("order").GetProperty("tags").EnumerateArray().ToList();
        Assert.Equal("first", tags[0].GetString());
        Assert.Equal(Enumerable.Range(0, 40), tags.Skip(1).Select(tag => tag.GetInt32()).Order());
    }

    [Fact]
    public async Task A_list_is_filtered_sorted_projected_and_paged_without_missing_any()
    {
        for (var n = 0; n < 30; n++)
        {
            using var _ = await server.SendAsync(
                "PUT", $"/api/collections/list/documents/d{n:00}", $$$"""{"n": {{{n % 7}}}, "name": "Thing {{{n}}}", "deep": {"x": {{{n}}}, "y": 1}}""");
        }

        var found = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.GetJsonAsync(
                "/api/collections/list/documents?limit=4&sort=-n,name&fields=n,deep.x&filter=" + Uri.EscapeDataString("n >= 2 && name ~ \"thing\"")
                + (cursor.Length > 0 ? $"&cursor={cursor}" : ""));
            found.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }

        Assert.Equal(Enumerable.Range(0, 30).Count(n => n % 7 >= 2), found.Count);
        Assert.Equal(found.Count, found.Select(document => document.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(found.Select(document => document.GetProperty("n").GetInt32()).OrderDescending(), found.Select(document => document.GetProperty("n").GetInt32()));
        Assert.Equal(["id", "n", "deep"], found[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(["x"], found[0].GetProperty("deep").EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("filter=", "filter")]
    [InlineData("filter=n+%3D", "filter")]
    [InlineData("filter=n+%3D+1+%3B+DROP+TABLE+collections", "filter")]
    [InlineData("sort=a%27b", "sort")]
    [InlineData("fields=a..b", "fields")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("limit=0", "limit")]
    [InlineData("offset=3", "offset")]
    public async Task An_invalid_query_is_400_and_names_the_error(string query, string member)
    {
        using var _ = await server.SendAsync("PUT", $"{Orders}/any", "{}");
        using var refused = await server.SendAsync("GET", $"{Orders}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.True((await JsonOf(refused)).GetProperty("errors").TryGetProperty(member, out var _));
    }

    [Fact]
    public async Task Ten_thousand_terms_are_refused_and_the_server_continues()
    {
        using var _ = await server.SendAsync("PUT", $"{Orders}/any", "{}");
        using var tooMany = await server.SendAsync("GET", $"{Orders}?filter={Terms(2_000)}");
        using var tooLong = await server.SendAsync("GET", $"{Orders}?filter={Terms(5_000)}");
        using var tooLongALine = await server.SendAsync("GET", $"{Orders}?filter={Terms(10_000)}");

        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);
        Assert.Contains("at most 500 comparisons", await tooMany.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        Assert.Contains("longer than 16384 characters", await tooLong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, tooLongALine.StatusCode);
        Assert.Equal(JsonValueKind.Array, (await server.GetJsonAsync(Orders)).GetProperty("items").ValueKind);

        static string Terms(int count) => string.Join("%7C%7C", Enumerable.Repeat("a%3D1", count));
    }

    [Theory]
    [InlineData("x", 1024 * 1024)]
    [InlineData("😀", 1024 * 1024)]
    [InlineData("😀", 800_009)]
    public async Task A_document_as_large_as_one_may_be_is_read_and_written_back_and_exported_and_imported(string letter, int bytes)
    {
        const string Frame = """{"list":[],"t":""}""";
        var letters = (bytes - Frame.Length) / Encoding.UTF8.GetByteCount(letter);
        var padding = bytes - Frame.Length - (letters * Encoding.UTF8.GetByteCount(letter));
        var document = Frame.Insert(Frame.Length - 2, string.Concat(Enumerable.Repeat(letter, letters)) + new string(' ', padding));
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(document));

        using var created = await server.SendAsync("PUT", "/api/collections/large/documents/x", document);
        var read = await server.Client.GetStringAsync(new Uri("/api/collections/large/documents/x", UriKind.Relative));
        using var again = await server.SendAsync("PUT", "/api/collections/large/documents/x", read);
        using var lines = new ByteArrayContent(await server.Client.GetByteArrayAsync(new Uri("/api/collections/large/export", UriKind.Relative)));
        lines.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var imported = await server.Client.PostAsync(new Uri("/api/collections/copied/import", UriKind.Relative), lines);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(1, (await JsonOf(imported)).GetProperty("imported").GetInt32());
        var copy = await server.Client.GetStringAsync(new Uri("/api/collections/copied/documents/x", UriKind.Relative));
        Assert.EndsWith(document[1..], copy, StringComparison.Ordinal);
        if (bytes < 1024 * 1024)
        {
            using var inserted = await server.SendAsync("POST", "/api/collections/large/documents/x/insert", """{"path":"list","value":1}""");
            Assert.Equal(HttpStatusCode.OK, inserted.StatusCode);
        }
    }

    [Theory]
    [InlineData("[1]", "application/json", HttpStatusCode.UnprocessableEntity)]
    [InlineData("7", "application/json", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"a\":", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"a\":1,\"a\":2}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"a\":\"\\ud800\"}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"id\":\"a/b\"}", "application/json", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{}", "application/merge-patch+json", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_is_no_document_is_refused(string body, string type, HttpStatusCode status)
    {
        using var refused = await SendAsync("POST", Orders, body, type: type);
        Assert.Equal(status, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_document_that_is_too_deep_too_large_or_not_utf8_is_refused()
    {
        using var deep = await server.SendAsync("POST", Orders, new string('[', 80).Insert(0, "{\"a\":") + new string(']', 80) + "}");
        using var large = await server.SendAsync("POST", Orders, $$"""{"a": "{{new string('x', 1024 * 1024)}}"}""");
        using var body = await server.SendAsync("POST", Orders, $$"""{"a": "{{new string('x', 2 * 1024 * 1024)}}"}""");
        using var content = new ByteArrayContent([(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var notUtf8 = await server.Client.PostAsync(new Uri(Orders, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, deep.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, large.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, body.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, notUtf8.StatusCode);
    }

    [Theory]
    [InlineData(64, HttpStatusCode.Created)]
    [InlineData(65, HttpStatusCode.UnprocessableEntity)]
    public async Task A_posted_document_may_be_as_deep_as_one_that_is_put(int depth, HttpStatusCode status)
    {
        var document = $$"""{"a":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";
        using var posted = await server.SendAsync("POST", "/api/collections/deep/documents", document);
        using var many = await server.SendAsync("POST", "/api/collections/deep/documents", $"[{document}]");
        Assert.Equal(status, posted.StatusCode);
        Assert.Equal(status == HttpStatusCode.Created ? status : HttpStatusCode.BadRequest, many.StatusCode);
        if (status == HttpStatusCode.Created)
        {
            var read = await JsonOf(posted);
            using var put = await server.SendAsync("PUT", $"/api/collections/deep/documents/{read.GetProperty("id").GetString()}", read.GetRawText());
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        }
    }

    [Fact]
    public async Task A_missing_document_or_collection_is_404_and_an_invalid_name_is_400()
    {
        using var collection = await server.SendAsync("GET", "/api/collections/nowhere/documents");
        using var document = await server.SendAsync("GET", $"{Orders}/nobody");
        using var name = await server.SendAsync("PUT", "/api/collections/..%2Fx/documents/a", "{}");
        using var id = await server.SendAsync("PUT", $"{Orders}/a%20b", "{}");

        Assert.Equal(HttpStatusCode.NotFound, collection.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, document.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, name.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, id.StatusCode);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Dots_that_mean_a_parent_in_a_path_are_no_id(string id)
    {
        using var refused = await server.SendAsync("POST", Orders, $$"""{"id": "{{id}}"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
    }

    [Fact]
    public async Task A_write_that_its_condition_refuses_creates_no_collection()
    {
        using var refused = await SendAsync("PUT", "/api/collections/unmade/documents/a", "{}", ifMatch: "\"3\"");
        using var none = await server.SendAsync("GET", "/api/collections/unmade");

        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Changes_are_published_in_their_order()
    {
        var since = (await server.GetJsonAsync("/api/events?since=now&timeout=0")).GetProperty("next").GetInt64();
        using var created = await server.SendAsync("PUT", "/api/collections/told/documents/x", """{"n": 1}""");
        using var updated = await server.SendAsync("PATCH", "/api/collections/told/documents/x", """{"n": 2}""");
        using var deleted = await server.SendAsync("DELETE", "/api/collections/told/documents/x");

        var events = new List<JsonElement>();
        while (events.Count < 3)
        {
            var page = await server.GetJsonAsync($"/api/events?since={since}&timeout=10&topic=collections/told");
            events.AddRange(page.GetProperty("events").EnumerateArray());
            since = page.GetProperty("next").GetInt64();
        }

        Assert.Equal(["created", "updated", "deleted"], events.Select(each => each.GetProperty("type").GetString()));
        Assert.Equal(2, events[1].GetProperty("data").GetProperty("n").GetInt32());
        Assert.Equal("x", events[2].GetProperty("data").GetProperty("id").GetString());
    }

    private static IEnumerable<string> Ids(JsonElement list) =>
        list.GetProperty("items").EnumerateArray().Select(document => document.GetProperty("id").GetString()!);

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    private async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? body, string type = "application/json", string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        }

        if (ifMatch is not null)
        {
            request.Headers.IfMatch.ParseAdd(ifMatch);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.IfNoneMatch.ParseAdd(ifNoneMatch);
        }

        return await server.Client.SendAsync(request);
    }
}
