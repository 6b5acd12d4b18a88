using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints;

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

    [Fact]
    public async Task A_conditional_write_is_refused_and_not_ignored()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/entities/sensor.conditional");
        request.Headers.Add("If-Match", "\"1\"");
        request.Content = JsonContent.Create(new { state = 1 });

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static IEnumerable<string> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!);

    private async Task PutAsync(string id, string body)
    {
        using var response = await server.SendAsync("PUT", $"/api/entities/{id}", body);
        response.EnsureSuccessStatusCode();
    }

    private async Task<HttpStatusCode> GetIfNoneMatchAsync(string id, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/entities/{id}");
        request.Headers.Add("If-None-Match", tag);
        using var response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }
}
