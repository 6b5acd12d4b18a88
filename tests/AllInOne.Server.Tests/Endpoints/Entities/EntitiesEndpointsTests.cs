using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Entities;

public sealed class EntitiesEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Put_creates_then_replaces_and_answers_the_entity()
    {
        using var created = await server.SendAsync(
            "PUT", "/api/entities/light.put", """{"state": "on", "attributes": {"brightness": 80}, "name": "Lamp", "area": "Hall", "virtual": true}""");
        using var replaced = await server.SendAsync("PUT", "/api/entities/light.put", """{"state": 21.50}""");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/entities/light.put", created.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Equal("\"2\"", replaced.Headers.ETag?.Tag);
        var entity = await server.GetJsonAsync("/api/entities/light.put");
        Assert.Equal("21.5", entity.GetProperty("state").GetRawText());
        Assert.Equal(JsonValueKind.Null, entity.GetProperty("name").ValueKind);
        Assert.Empty(entity.GetProperty("attributes").EnumerateObject());
        Assert.EndsWith("Z", entity.GetProperty("updated").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["id", "state", "attributes", "name", "area", "unit", "class", "virtual", "available", "version", "changed", "updated"],
            entity.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_get_with_the_tag_is_304_until_the_entity_changes()
    {
        await PutAsync("sensor.tag", """{"state": 1}""");
        using var first = await server.Client.GetAsync("/api/entities/sensor.tag");

        Assert.Equal(HttpStatusCode.NotModified, await GetIfNoneMatchAsync("sensor.tag", first.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, await GetIfNoneMatchAsync("sensor.tag", "W/\"0\", W/" + first.Headers.ETag.Tag));
        await PutAsync("sensor.tag", """{"state": 2}""");
        Assert.Equal(HttpStatusCode.OK, await GetIfNoneMatchAsync("sensor.tag", first.Headers.ETag.Tag));
    }

    [Fact]
    public async Task Delete_removes_once()
    {
        await PutAsync("sensor.gone", """{"state": 1}""");

        using var first = await server.SendAsync("DELETE", "/api/entities/sensor.gone");
        using var second = await server.SendAsync("DELETE", "/api/entities/sensor.gone");
        using var get = await server.SendAsync("GET", "/api/entities/sensor.gone");

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
    }

    [Fact]
    public async Task A_list_is_filtered_and_paged()
    {
        for (var i = 0; i < 5; i++)
        {
            await PutAsync($"list.e{i}", $$"""{"state": {{i}}, "area": "Attic", "name": "Thing {{i}}"}""");
        }

        var first = await server.GetJsonAsync("/api/entities?domain=list&limit=2");
        var rest = await server.GetJsonAsync($"/api/entities?domain=list&limit=10&cursor={first.GetProperty("next").GetString()}");

        Assert.Equal(["list.e0", "list.e1"], Ids(first));
        Assert.Equal(["list.e2", "list.e3", "list.e4"], Ids(rest));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        Assert.Equal(5, Ids(await server.GetJsonAsync("/api/entities?area=Attic")).Count());
        Assert.Equal(["list.e3"], Ids(await server.GetJsonAsync("/api/entities?q=thing%203")));
        Assert.Empty(Ids(await server.GetJsonAsync("/api/entities?area=Cellar")));
    }

    [Theory]
    [InlineData("GET", "/api/entities/nodot", 400)]
    [InlineData("GET", "/api/entities/Sensor.upper", 400)]
    [InlineData("PUT", "/api/entities/sensor.a%2Fb", 400)]
    [InlineData("DELETE", "/api/entities/sensor.", 400)]
    [InlineData("GET", "/api/entities/sensor.nobody", 404)]
    [InlineData("POST", "/api/entities/sensor.nobody", 405)]
    [InlineData("GET", "/api/entities?limit=0", 400)]
    [InlineData("GET", "/api/entities?limit=1001", 400)]
    [InlineData("GET", "/api/entities?limit=ten", 400)]
    [InlineData("GET", "/api/entities?limit=1&limit=2", 400)]
    [InlineData("GET", "/api/entities?cursor=elsewhere", 400)]
    [InlineData("GET", "/api/entities?aera=Hall", 400)]
    public async Task A_wrong_request_is_a_problem(string method, string path, int status)
    {
        using var response = await server.SendAsync(method, path);

        Assert.Equal(status, (int)response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Theory]
    [InlineData(257, 1, 0, "attributes", "Entities:MaxAttributes)")]
    [InlineData(95_000, 1, 0, "attributes", "Entities:MaxAttributes)")]
    [InlineData(2, 150_000, 0, "attributes", "Entities:MaxAttributesBytes)")]
    [InlineData(1, 1, 70_000, "state", "Entities:MaxStateBytes)")]
    public async Task An_entity_larger_than_one_may_be_is_422_and_names_the_limit(int count, int length, int stateLength, string member, string reason)
    {
        var attributes = Enumerable.Range(0, count).ToDictionary(n => $"attr{n}", _ => new string('x', length));
        using var response = await server.SendAsync(
            "PUT", "/api/entities/sensor.large", JsonSerializer.Serialize(new { state = new string('s', stateLength), attributes }));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(reason, problem.GetProperty("errors").GetProperty(member)[0].GetString(), StringComparison.Ordinal);
        using var absent = await server.Client.GetAsync("/api/entities/sensor.large");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task An_entity_that_was_stored_over_a_limit_can_be_put_smaller_but_not_larger()
    {
        using var old = new TestServer();
        await old.InitializeAsync();
        Assert.Equal(HttpStatusCode.Created, await PutAsync(200));
        old.Keys["Entities:MaxAttributes"] = "100";
        await old.RestartAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(201));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(150));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(151));
        Assert.Equal(150, (await old.GetJsonAsync("/api/entities/sensor.old")).GetProperty("attributes").GetPropertyCount());
        await old.DisposeAsync();

        async Task<HttpStatusCode> PutAsync(int count)
        {
            var attributes = Enumerable.Range(0, count).ToDictionary(n => $"a{n}", n => n);
            using var answer = await old.SendAsync("PUT", "/api/entities/sensor.old", JsonSerializer.Serialize(new { state = 1, attributes }));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_full_store_answers_507_without_Retry_After_and_rejects_the_elements_of_a_feed()
    {
        using var full = new TestServer();
        full.Keys["Entities:MaxBytes"] = $"{1 << 20}";
        await full.InitializeAsync();
        try
        {
            var large = JsonSerializer.Serialize(new { state = new string('x', 60_000) });
            using var small = await full.SendAsync("PUT", "/api/entities/input_text.note", """{"state": "on"}""");
            HttpResponseMessage put;
            for (var n = 0; (put = await full.SendAsync("PUT", $"/api/entities/sensor.large{n}", large)).IsSuccessStatusCode; n++)
            {
                put.Dispose();
            }

            using var refused = put;
            using var command = await full.SendAsync("POST", "/api/entities/input_text.note/commands", $$"""{"command": "set", "parameters": {{large}}}""");
            using var follows = await full.SendAsync("POST", "/api/entities/input_text.note/commands", """{"command": "turn_off"}""");
            using var reads = await full.SendAsync("GET", "/api/entities/input_text.note");
            using var ready = await full.SendAsync("GET", "/readyz");

            foreach (var response in new[] { refused, command })
            {
                Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
                Assert.Null(response.Headers.RetryAfter);
                var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
                Assert.Contains("(Entities:MaxBytes); nothing was changed", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }

            Assert.Equal(HttpStatusCode.Accepted, follows.StatusCode);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (reads.StatusCode, ready.StatusCode));
            await Assert.ThrowsAnyAsync<Exception>(() => full.FeedAsync($"<event><sensor id=\"more\" state=\"{new string('x', 60_000)}\"/></event>"));
            Assert.Contains("(Entities:MaxBytes)", full.Tree.Feeds.Totals.LastError, StringComparison.Ordinal);
        }
        finally
        {
            await full.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("""{"state": 1, "stat": 2}""", "stat")]
    [InlineData("""{}""", "state")]
    [InlineData("""{"state": {}}""", "state")]
    [InlineData("""{"state": [1]}""", "state")]
    [InlineData("""{"state": 1, "name": 5}""", "name")]
    [InlineData("""{"state": 1, "attributes": []}""", "attributes")]
    [InlineData("""{"state": 1, "attributes": {"": 1}}""", "attributes")]
    [InlineData("""{"state": 1, "virtual": "yes"}""", "virtual")]
    [InlineData("""[]""", "body")]
    [InlineData("""7""", "body")]
    public async Task A_body_with_a_wrong_member_is_422_and_changes_nothing(string body, string member)
    {
        await PutAsync("sensor.strict", """{"state": "before"}""");
        var before = await server.Client.GetStringAsync("/api/entities/sensor.strict");

        using var response = await server.SendAsync("PUT", "/api/entities/sensor.strict", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.GetRawText());
        Assert.Equal(before, await server.Client.GetStringAsync("/api/entities/sensor.strict"));
    }

    [Theory]
    [InlineData("""{"state": 1""")]
    [InlineData("""{"state": 1, "state": 2}""")]
    [InlineData("""{"state": 1, "attributes": {"a": {"b": 1, "b": 2}}}""")]
    [InlineData("""{"state": "\ud800"}""")]
    [InlineData("""{"state": 1, "attributes": {"\ud800": 1}}""")]
    [InlineData("""{"state": 1, "attributes": {"a": {"\udc00": 1}}}""")]
    public async Task A_body_that_is_no_right_JSON_is_400(string body)
    {
        using var response = await server.SendAsync("PUT", "/api/entities/sensor.broken", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("PUT", "If-Match", "\"1\"", 412)]
    [InlineData("PUT", "If-Match", "W/\"2\"", 412)]
    [InlineData("PUT", "If-Match", "\"elsewhere\"", 412)]
    [InlineData("PUT", "If-Match", "\"1\", \"2\"", 200)]
    [InlineData("PUT", "If-Match", "*", 200)]
    [InlineData("PUT", "If-None-Match", "*", 412)]
    [InlineData("PUT", "If-None-Match", "W/\"2\"", 412)]
    [InlineData("PUT", "If-None-Match", "\"1\"", 200)]
    [InlineData("PUT", "If-Match", "2", 400)]
    [InlineData("DELETE", "If-Match", "\"1\"", 412)]
    [InlineData("DELETE", "If-Match", "\"2\"", 204)]
    [InlineData("DELETE", "If-Match", "2", 400)]
    public async Task A_conditional_write_is_done_only_if_its_condition_holds(string method, string header, string tags, int status)
    {
        await PutAsync("sensor.conditional", """{"state": "first"}""");
        await PutAsync("sensor.conditional", $$"""{"state": "{{Guid.NewGuid()}}"}""");
        var before = await server.Client.GetStringAsync("/api/entities/sensor.conditional");

        using var response = await WriteIfAsync(method, "sensor.conditional", header, tags);

        Assert.Equal(status, (int)response.StatusCode);
        if (status >= 400)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(before, await server.Client.GetStringAsync("/api/entities/sensor.conditional"));
        }

        using var away = await server.SendAsync("DELETE", "/api/entities/sensor.conditional");
    }

    [Fact]
    public async Task A_missing_entity_is_created_under_none_match_and_under_no_other_condition()
    {
        using var mismatched = await WriteIfAsync("PUT", "sensor.fresh", "If-Match", "*");
        using var missing = await WriteIfAsync("DELETE", "sensor.fresh", "If-Match", "\"1\"");
        using var created = await WriteIfAsync("PUT", "sensor.fresh", "If-None-Match", "*");

        Assert.Equal(HttpStatusCode.PreconditionFailed, mismatched.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    [Fact]
    public async Task Of_writers_that_saw_the_same_version_one_succeeds()
    {
        await PutAsync("sensor.contended", """{"state": "start"}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await WriteIfAsync("PUT", "sensor.contended", "If-Match", "\"1\"");
            return response.StatusCode;
        }));

        Assert.Equal(1, answers.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(19, answers.Count(status => status == HttpStatusCode.PreconditionFailed));
    }

    private static IEnumerable<string> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!);

    private async Task PutAsync(string id, string body)
    {
        using var response = await server.SendAsync("PUT", $"/api/entities/{id}", body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Writes a state that is different each time.</summary>
    private async Task<HttpResponseMessage> WriteIfAsync(string method, string id, string header, string tags)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/entities/{id}");
        request.Headers.TryAddWithoutValidation(header, tags);
        request.Content = method == "PUT" ? JsonContent.Create(new { state = Guid.NewGuid() }) : null;
        return await server.Client.SendAsync(request);
    }

    private async Task<HttpStatusCode> GetIfNoneMatchAsync(string id, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/entities/{id}");
        request.Headers.Add("If-None-Match", tag);
        using var response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }
}
