using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.State;

public sealed class StateEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_value_is_read_as_it_was_put_with_its_version_as_the_tag()
    {
        using var created = await server.SendAsync("PUT", "/api/state/cart:7", """ {"n": 1.50} """);
        using var changed = await server.SendAsync("PUT", "/api/state/cart:7?ttl=60", """{"n":2}""");
        using var read = await server.SendAsync("GET", "/api/state/cart:7");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, changed.StatusCode));
        Assert.Equal("/api/state/cart:7", created.Headers.Location!.OriginalString);
        Assert.NotEqual(created.Headers.ETag!.Tag, changed.Headers.ETag!.Tag);
        Assert.Equal("""{"n":2}""", await read.Content.ReadAsStringAsync());
        Assert.Equal(changed.Headers.ETag.Tag, read.Headers.ETag!.Tag);
        Assert.InRange(read.Content.Headers.Expires!.Value, DateTimeOffset.UtcNow.AddSeconds(40), DateTimeOffset.UtcNow.AddSeconds(61));
        using var head = await server.SendAsync("HEAD", "/api/state/cart:7");
        Assert.Equal((HttpStatusCode.OK, 7), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Conditions_guard_a_write()
    {
        using var created = await SendAsync("PUT", "/api/state/guarded", "1", ifNoneMatch: "*");
        using var again = await SendAsync("PUT", "/api/state/guarded", "2", ifNoneMatch: "*");
        using var set = await SendAsync("PUT", "/api/state/guarded", "3", ifMatch: created.Headers.ETag!.Tag);
        using var late = await SendAsync("DELETE", "/api/state/guarded", null, ifMatch: created.Headers.ETag!.Tag);
        using var unchanged = await SendAsync("GET", "/api/state/guarded", null, ifNoneMatch: set.Headers.ETag!.Tag);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var deleted = await server.SendAsync("DELETE", "/api/state/guarded");
        using var gone = await server.SendAsync("DELETE", "/api/state/guarded");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task A_counter_counts_every_request_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            using var response = await server.SendAsync("POST", "/api/state/hits/increment", """{"by": 2}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }));
        using var last = await server.SendAsync("POST", "/api/state/hits/increment");

        Assert.Equal(81, (await JsonOf(last)).GetProperty("value").GetInt32());
        Assert.Equal("81", await server.Client.GetStringAsync(new Uri("/api/state/hits", UriKind.Relative)));
    }

    [Fact]
    public async Task Keys_are_listed_and_read_together()
    {
        for (var n = 0; n < 5; n++)
        {
            using var _ = await server.SendAsync("PUT", $"/api/state/listed:{n}?durable=true", $"{n}");
        }

        var page = await server.GetJsonAsync("/api/state?prefix=listed:&limit=3");
        var rest = await server.GetJsonAsync($"/api/state?prefix=listed:&limit=3&cursor={page.GetProperty("next").GetString()}");
        var two = await server.GetJsonAsync("/api/state?key=listed:4&key=nobody&key=listed:0");

        Assert.Equal(["listed:0", "listed:1", "listed:2"], Keys(page));
        Assert.Equal(["listed:3", "listed:4"], Keys(rest));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        Assert.Equal(["listed:4", "listed:0"], Keys(two));
        Assert.Equal(["key", "value", "version", "expires"], two.GetProperty("items")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Lists_sets_objects_and_times_change_in_place()
    {
        using var pushed = await server.SendAsync("POST", "/api/state/q/push", """{"values": [1, 2]}""");
        using var added = await server.SendAsync("POST", "/api/state/s/add", """{"members": ["a", "b", "a"]}""");
        using var removed = await server.SendAsync("POST", "/api/state/s/remove", """{"member": "a"}""");
        using var merged = await SendAsync("PATCH", "/api/state/o", """{"a": {"b": 1, "c": null}}""");
        using var touched = await server.SendAsync("POST", "/api/state/o/touch", """{"ttl": 5}""");

        Assert.Equal(2, (await JsonOf(pushed)).GetProperty("length").GetInt32());
        Assert.Equal(2, (await JsonOf(added)).GetProperty("added").GetInt32());
        Assert.Equal(1, (await JsonOf(removed)).GetProperty("removed").GetInt32());
        Assert.Equal("""["b"]""", await server.Client.GetStringAsync(new Uri("/api/state/s", UriKind.Relative)));
        Assert.Equal("""{"a":{"b":1}}""", (await server.Client.GetStringAsync(new Uri("/api/state/o", UriKind.Relative))).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Created, merged.StatusCode);
        Assert.NotEqual(JsonValueKind.Null, (await JsonOf(touched)).GetProperty("expires").ValueKind);
        using var wrongKind = await server.SendAsync("POST", "/api/state/o/push", """{"value": 1}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrongKind.StatusCode);
    }

    [Fact]
    public async Task Several_keys_of_one_tag_change_as_one()
    {
        using var both = await server.SendAsync("POST", "/api/state", """
            {"operations": [{"op": "put", "key": "{t}:a", "value": 1, "version": 0}, {"op": "increment", "key": "{t}:b", "by": 5}]}
            """);
        using var none = await server.SendAsync("POST", "/api/state", """
            {"operations": [{"op": "put", "key": "{t}:a", "value": 2}, {"op": "check", "key": "{t}:b", "version": 0}]}
            """);
        using var apart = await server.SendAsync("POST", "/api/state", """
            {"operations": [{"op": "put", "key": "a", "value": 2}, {"op": "delete", "key": "b"}]}
            """);

        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
        Assert.Equal([1, 5], (await JsonOf(both)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("value").GetInt32()));
        Assert.Equal(HttpStatusCode.PreconditionFailed, none.StatusCode);
        Assert.Equal("1", await server.Client.GetStringAsync(new Uri("/api/state/{t}:a", UriKind.Relative)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, apart.StatusCode);
    }

    [Theory]
    [InlineData("PUT", "/api/state/a%20b", "1", 400)]
    [InlineData("PUT", "/api/state/k?ttl=0", "1", 400)]
    [InlineData("PUT", "/api/state/k?durable=yes", "1", 400)]
    [InlineData("PUT", "/api/state/k?offset=1", "1", 400)]
    [InlineData("PUT", "/api/state/k", "{", 400)]
    [InlineData("PUT", "/api/state/k", "{\"a\":\"\\ud800\"}", 400)]
    [InlineData("GET", "/api/state/nobody", null, 404)]
    [InlineData("GET", "/api/state?prefix=a%20b", null, 400)]
    [InlineData("GET", "/api/state?limit=0", null, 400)]
    [InlineData("POST", "/api/state/k/increment", "{\"by\":\"1\"}", 422)]
    [InlineData("POST", "/api/state/k/increment", "{\"to\":1}", 422)]
    [InlineData("POST", "/api/state/k/push", "{}", 422)]
    [InlineData("POST", "/api/state/k/push", "{\"value\":1,\"values\":[2]}", 422)]
    [InlineData("POST", "/api/state/nobody/touch", "{\"ttl\":1}", 404)]
    [InlineData("POST", "/api/state/nobody/remove", "{\"member\":1}", 404)]
    [InlineData("POST", "/api/state", "{\"operations\":[]}", 422)]
    [InlineData("POST", "/api/state", "{\"operations\":[{\"op\":\"jump\",\"key\":\"k\"}]}", 422)]
    [InlineData("POST", "/api/state", "{\"operations\":[{\"op\":\"put\",\"key\":\"k\"}]}", 422)]
    [InlineData("POST", "/api/state", "{\"operations\":[{\"op\":\"check\",\"key\":\"k\"}]}", 422)]
    [InlineData("POST", "/api/state", "{\"operations\":[{\"op\":\"push\",\"key\":\"nobody\",\"value\":1,\"version\":7}]}", 412)]
    [InlineData("POST", "/api/state/k/increment", "{\"by\":0.12345678901234567890123456789012345}", 422)]
    [InlineData("POST", "/api/state/k/pop", "{\"wait\":-1}", 422)]
    [InlineData("POST", "/api/state/k/pop", "{\"wait\":3600}", 422)]
    [InlineData("POST", "/api/state/k/pop", "{\"end\":true}", 422)]
    [InlineData("GET", "/api/state/nobody/lock", null, 404)]
    [InlineData("POST", "/api/state/k/lock", "{\"ttl\":0}", 422)]
    [InlineData("POST", "/api/state/k/lock/renew", "{}", 422)]
    [InlineData("POST", "/api/state/nobody/lock/renew", "{\"token\":\"t\"}", 409)]
    [InlineData("POST", "/api/state/nobody/lock/release", "{\"token\":\"t\"}", 409)]
    [InlineData("POST", "/api/state/k", "1", 405)]
    public async Task An_impossible_change_is_refused_with_a_problem(string method, string path, string? body, int status)
    {
        using var response = await server.SendAsync(method, path, body);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("increment", "{}")]
    [InlineData("push", "{\"value\":1}")]
    [InlineData("add", "{\"member\":1}")]
    [InlineData("remove", "{\"member\":1}")]
    [InlineData("touch", "{\"ttl\":9}")]
    public async Task Conditions_guard_every_change(string verb, string body)
    {
        using var put = await server.SendAsync("PUT", $"/api/state/guarded:{verb}", verb == "increment" ? "1" : "[1]");
        using var late = await SendAsync("POST", $"/api/state/guarded:{verb}/{verb}", body, ifMatch: "\"7\"");
        using var right = await SendAsync("POST", $"/api/state/guarded:{verb}/{verb}", body, ifMatch: put.Headers.ETag!.Tag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_value_may_not_be_larger_than_the_bound_nor_deeper_wherever_it_is_put()
    {
        using var large = await server.SendAsync("PUT", "/api/state/large", $"\"{new string('x', 1_100_000)}\"");
        var deep = new string('[', 64) + new string(']', 64);
        using var put = await server.SendAsync("PUT", "/api/state/deep", deep);
        using var pushed = await server.SendAsync("POST", "/api/state/deeper/push", $"{{\"value\":{deep}}}");
        using var listed = await server.SendAsync("GET", "/api/state?prefix=deep");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity), (put.StatusCode, pushed.StatusCode));
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
    }

    [Fact]
    public async Task Figures_are_in_metrics_and_in_the_system()
    {
        using var _ = await server.SendAsync("PUT", "/api/state/counted", "1");
        var metrics = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var system = await server.GetJsonAsync("/api/system");

        Assert.Contains("allinone_state_keys{shard=\"0\"}", metrics, StringComparison.Ordinal);
        Assert.NotEqual(0, system.GetProperty("state").GetProperty("shards").EnumerateArray().Sum(shard => shard.GetProperty("keys").GetInt32()));
    }

    private static IEnumerable<string?> Keys(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("key").GetString());

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? body, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, new MediaTypeHeaderValue(method == "PATCH" ? "application/merge-patch+json" : "application/json"));
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
