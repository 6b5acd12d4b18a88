using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Entities;

public sealed class EntityCommandsEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_command_is_accepted_and_reaches_the_device_that_waits_for_it()
    {
        await PutAsync("light.device", """{"state": "off"}""");
        var now = (await server.GetJsonAsync("/api/events?timeout=0")).GetProperty("next").GetInt64();
        var poll = server.GetJsonAsync($"/api/events?since={now}&timeout=20&topic=entities/light.device/commands");

        using var response = await SendAsync("light.device", """{"command": "turn_on", "parameters": {"brightness": 80}}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["id", "command", "parameters", "time"], answer.EnumerateObject().Select(member => member.Name));
        var told = (await poll).GetProperty("events").EnumerateArray().Single();
        Assert.Equal(("entities/light.device/commands", "command"), (Text(told, "topic"), Text(told, "type")));
        Assert.Equal(answer.GetProperty("time").GetDateTimeOffset(), told.GetProperty("time").GetDateTimeOffset());
        Assert.Equal("""{"id":"light.device","command":"turn_on","parameters":{"brightness":80}}""", told.GetProperty("data").GetRawText());
        Assert.Equal("off", Text(await server.GetJsonAsync("/api/entities/light.device"), "state"));
    }

    [Fact]
    public async Task A_virtual_entity_has_its_new_state_when_the_command_is_answered()
    {
        await PutAsync("input_boolean.guests", """{"state": "off", "name": "Guests"}""");
        await PutAsync("light.painted", """{"state": false, "virtual": true}""");

        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync("input_boolean.guests", """{"command": "turn_on"}"""));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync("light.painted", """{"command": "toggle", "parameters": null}"""));
        Assert.Equal(("\"on\"", "Guests"), (await StateAsync("input_boolean.guests"), Text(await server.GetJsonAsync("/api/entities/input_boolean.guests"), "name")));
        Assert.Equal("true", await StateAsync("light.painted"));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync("light.painted", """{"command": "set", "parameters": {"state": 21.50}}"""));
        Assert.Equal("21.5", await StateAsync("light.painted"));
        var history = (await server.GetJsonAsync("/api/entities/light.painted/history")).GetProperty("items");
        Assert.Equal(["created", "changed", "changed"], history.EnumerateArray().Select(item => Text(item, "type")));
    }

    [Theory]
    [InlineData("""{}""", "command")]
    [InlineData("""{"command": null}""", "command")]
    [InlineData("""{"command": ""}""", "command")]
    [InlineData("""{"command": 5}""", "command")]
    [InlineData("""{"command": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "command")]
    [InlineData("""{"command": "a\u0000b"}""", "command")]
    [InlineData("""{"command": "set", "parameters": []}""", "parameters")]
    [InlineData("""{"command": "set", "parameters": "state"}""", "parameters")]
    [InlineData("""{"command": "set", "parameter": {"state": 1}}""", "parameter")]
    [InlineData("""{"command": "set"}""", "parameters.state")]
    [InlineData("""{"command": "set", "parameters": {"state": {}}}""", "parameters.state")]
    [InlineData("""{"command": "dim"}""", "command")]
    [InlineData("""[]""", "body")]
    [InlineData("""7""", "body")]
    public async Task A_wrong_body_is_422_and_names_the_member_and_publishes_no_event(string body, string member)
    {
        await PutAsync("input_text.strict", """{"state": "before"}""");
        var before = server.Tree.Events.Head;

        using var response = await SendAsync("input_text.strict", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.GetRawText());
        var events = await server.GetJsonAsync($"/api/events?since={before}&timeout=0&topic=entities/input_text.strict*");
        Assert.Empty(events.GetProperty("events").EnumerateArray());
        Assert.Equal("\"before\"", await StateAsync("input_text.strict"));
    }

    [Fact]
    public async Task Parameters_beyond_the_limit_are_422_and_name_its_key()
    {
        await PutAsync("light.large", """{"state": "off"}""");

        using var response = await SendAsync("light.large", $$$"""{"command": "show", "parameters": {"text": "{{{new string('a', 64 * 1024)}}}"}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("Entities:MaxParametersBytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "light.nobody/commands", """{"command": "turn_on"}""", 404)]
    [InlineData("POST", "light.nobody/commands", """{""", 404)]
    [InlineData("POST", "nodot/commands", """{"command": "turn_on"}""", 400)]
    [InlineData("POST", "Light.upper/commands", """{"command": "turn_on"}""", 400)]
    [InlineData("POST", "light.there/commands?wait=1", """{"command": "turn_on"}""", 400)]
    [InlineData("POST", "light.there/commands", """{"command": "turn_on" """, 400)]
    [InlineData("POST", "light.there/commands", """{"command": "a", "command": "b"}""", 400)]
    [InlineData("POST", "light.there/commands", """{"command": "\ud800"}""", 400)]
    [InlineData("POST", "light.there/commands", null, 415)]
    [InlineData("GET", "light.there/commands", null, 405)]
    [InlineData("PUT", "light.there/commands", """{"command": "turn_on"}""", 405)]
    public async Task A_wrong_request_is_a_problem(string method, string path, string? body, int status)
    {
        await PutAsync("light.there", """{"state": "off"}""");

        using var response = await server.SendAsync(method, $"/api/entities/{path}", body);

        Assert.Equal(status, (int)response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private Task<HttpResponseMessage> SendAsync(string id, string body) => server.SendAsync("POST", $"/api/entities/{id}/commands", body);

    private async Task<HttpStatusCode> StatusAsync(string id, string body)
    {
        using var response = await SendAsync(id, body);
        return response.StatusCode;
    }

    private async Task<string> StateAsync(string id) =>
        (await server.GetJsonAsync($"/api/entities/{id}")).GetProperty("state").GetRawText();

    private async Task PutAsync(string id, string body)
    {
        using var response = await server.SendAsync("PUT", $"/api/entities/{id}", body);
        response.EnsureSuccessStatusCode();
    }
}
