using System.Net;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Actors;

public sealed class RestartEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("/user/storage")]
    [InlineData("/user/live")]
    [InlineData("/user/entities")]
    [InlineData("/user/feeds")]
    [InlineData("/user/requests")]
    [InlineData("/user/load")]
    [InlineData("/user/http")]
    public async Task Each_child_of_user_restarts_and_the_server_continues(string path)
    {
        var before = await RestartsAsync(path);

        using var response = await server.SendAsync("POST", $"/api/system/actors/restart?path={path}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Until.TrueAsync(() => server.Tree.Inspection.Find(path)!.Restarts == before + 1);
        await server.ReadyAsync();
        var id = path[6..];
        await server.FeedAsync($"<event><sensor id=\"{id}\" state=\"{before}\"/></event>");
        Assert.Equal(before, (await server.GetJsonAsync($"/api/entities/sensor.{id}")).GetProperty("state").GetInt32());
    }

    [Fact]
    public async Task A_restart_of_the_web_host_answers_first_and_ends_long_polls_with_their_cursor()
    {
        var head = (await server.GetJsonAsync("/api/events?timeout=0")).GetProperty("next").GetInt64();
        var waits = WaitsTold();
        var poll = server.GetJsonAsync($"/api/events?since={head}&timeout=60&topic=nobody/*");
        await Until.TrueAsync(() => WaitsTold() > waits);

        using var response = await server.SendAsync("POST", "/api/system/actors/restart?path=/user/http");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var page = await poll;
        Assert.Equal(head, page.GetProperty("next").GetInt64());
        Assert.False(page.GetProperty("reset").GetBoolean());
        await server.ReadyAsync();
        await server.GetJsonAsync("/healthz");
    }

    [Fact]
    public async Task A_stopped_part_is_named_by_readyz_and_a_restart_starts_it()
    {
        using var stopped = await server.SendAsync("POST", "/api/system/actors/stop?path=/user/feeds");
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
        await Until.TrueAsync(() => server.Tree.Inspection.Find("/user/feeds") is null);

        using var notReady = await server.Client.GetAsync("/readyz");
        using var problem = JsonDocument.Parse(await notReady.Content.ReadAsStringAsync());
        using var restarted = await server.SendAsync("POST", "/api/system/actors/restart?path=/user/feeds");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        Assert.NotNull(notReady.Headers.RetryAfter);
        Assert.True(problem.RootElement.GetProperty("reasons").TryGetProperty("feeds", out _));
        Assert.Equal(HttpStatusCode.Accepted, restarted.StatusCode);
        await server.ReadyAsync();
        await server.FeedAsync("<event><sensor id=\"back\" state=\"1\"/></event>");
    }

    private long WaitsTold() => server.Tree.Inspection.Find("/user/live/subscriptions")!.Messages;

    private async Task<int> RestartsAsync(string path) =>
        (await server.GetJsonAsync($"/api/system/actors?path={path}&depth=0")).GetProperty("items")[0].GetProperty("restarts").GetInt32();
}
