using System.Net;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Entities;

public sealed class EntityHistoryEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_change_is_listed_in_order_over_all_pages()
    {
        await server.FeedAsync(string.Concat(Enumerable.Range(1, 7).Select(n => $"<event><sensor id=\"paged\" state=\"{n}\" unit=\"W\"/></event>")));

        var items = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await server.GetJsonAsync($"/api/entities/sensor.paged/history?limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(1, 7), items.Select(item => item.GetProperty("state").GetInt32()));
        Assert.Equal(Enumerable.Range(1, 7), items.Select(item => item.GetProperty("version").GetInt32()));
        Assert.Equal("W", items[6].GetProperty("data").GetProperty("unit").GetString());
        Assert.Equal("entities/sensor.paged", items[0].GetProperty("topic").GetString());
        Assert.EndsWith("Z", items[0].GetProperty("time").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_span_of_time_is_from_included_to_not_included()
    {
        await server.FeedAsync("<event><sensor id=\"span\" state=\"1\"/></event>");
        await server.FeedAsync("<event><sensor id=\"span\" state=\"2\"/></event>");
        var all = (await server.GetJsonAsync("/api/entities/sensor.span/history")).GetProperty("items");
        var second = all[1].GetProperty("time").GetString();

        var before = await server.GetJsonAsync($"/api/entities/sensor.span/history?to={second}");
        var since = await server.GetJsonAsync($"/api/entities/sensor.span/history?from={second}");

        Assert.Equal(1, before.GetProperty("items").EnumerateArray().Single().GetProperty("state").GetInt32());
        Assert.Equal(2, since.GetProperty("items").EnumerateArray().Single().GetProperty("state").GetInt32());
    }

    [Fact]
    public async Task A_resolution_answers_minimum_mean_maximum_and_count_of_each_step()
    {
        await server.FeedAsync(string.Concat(((string[])["4", "1", "off", "7"]).Select(state => $"<event><sensor id=\"steps\" state=\"{state}\"/></event>")));

        var page = await server.GetJsonAsync("/api/entities/sensor.steps/history?resolution=31536000");

        var step = page.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(["time", "count", "min", "mean", "max"], step.EnumerateObject().Select(member => member.Name));
        Assert.Equal((3, 1, 4, 7), (
            step.GetProperty("count").GetInt32(), step.GetProperty("min").GetInt32(), step.GetProperty("mean").GetInt32(), step.GetProperty("max").GetInt32()));
        Assert.EndsWith("Z", step.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("sensor.nobody/history", HttpStatusCode.NotFound)]
    [InlineData("nobody/history", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?from=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?from=2026-01-01T00:00:00", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?from=2026-13-01T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?limit=100000", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?cursor=elsewhere", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?resolution=0", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?resolution=1.5", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?resolution=hour", HttpStatusCode.BadRequest)]
    [InlineData("sensor.nobody/history?resolution=60", HttpStatusCode.NotFound)]
    [InlineData("sensor.x/history?resolution=60&cursor=elsewhere", HttpStatusCode.BadRequest)]
    [InlineData("sensor.x/history?form=2026-01-01T00:00:00Z", HttpStatusCode.BadRequest)]
    public async Task A_wrong_request_is_a_problem(string path, HttpStatusCode status)
    {
        using var response = await server.Client.GetAsync($"/api/entities/{path}");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
