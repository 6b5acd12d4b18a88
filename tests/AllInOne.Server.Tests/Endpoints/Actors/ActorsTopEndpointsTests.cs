using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Actors;

public sealed class ActorsTopEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Each_item_is_an_actor_with_its_work_within_the_window()
    {
        var page = await server.GetJsonAsync("/api/system/actors/top?limit=3");

        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        var items = page.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(3, items.Count);
        Assert.All(items, item => Assert.Equal(
            ["path", "type", "status", "mailbox", "messages", "busyMs", "restarts", "children", "lastFailure", "message", "since", "recent"],
            item.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(["seconds", "busyMs", "messages"], items[0].GetProperty("recent").EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, items[0].GetProperty("recent").GetProperty("seconds").GetDouble());
    }

    [Fact]
    public async Task The_actors_with_most_restarts_come_first_without_a_wait()
    {
        for (var i = 0; i < 3; i++)
        {
            using var response = await server.SendAsync("POST", "/api/system/actors/restart?path=/user/live/subscriptions");
        }

        await Until.TrueAsync(() => server.Tree.Inspection.Find("/user/live/subscriptions")!.Restarts == 3);
        var page = await server.GetJsonAsync("/api/system/actors/top?by=restarts&limit=1");

        var first = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal("/user/live/subscriptions", first.GetProperty("path").GetString());
        Assert.Equal(3, first.GetProperty("restarts").GetInt32());
        Assert.Equal(0, first.GetProperty("recent").GetProperty("seconds").GetDouble());
    }

    [Fact]
    public async Task The_parent_of_the_load_has_most_messages_while_its_workers_work()
    {
        using var put = await server.SendAsync("PUT", "/api/system/load", """{"workers": 200}""");

        var page = await server.GetJsonAsync("/api/system/actors/top?by=messages&seconds=0.5&limit=1");

        var first = page.GetProperty("items")[0];
        Assert.Equal("/user/load", first.GetProperty("path").GetString());
        Assert.True(first.GetProperty("recent").GetProperty("messages").GetInt64() > 0);
        using var none = await server.SendAsync("PUT", "/api/system/load", """{"workers": 0}""");
    }

    [Theory]
    [InlineData("/api/system/actors/top?by=size")]
    [InlineData("/api/system/actors/top?seconds=11")]
    [InlineData("/api/system/actors/top?seconds=-1")]
    [InlineData("/api/system/actors/top?limit=0")]
    [InlineData("/api/system/actors/top?limit=1001")]
    [InlineData("/api/system/actors/top?window=1")]
    [InlineData("/api/system/actors/trace")]
    [InlineData("/api/system/actors/trace?path=user")]
    [InlineData("/api/system/actors/trace?path=/user/live&seconds=10.5")]
    [InlineData("/api/system/actors/trace?path=/user/live&every=0")]
    public async Task A_wrong_question_is_a_problem(string path)
    {
        using var response = await server.SendAsync("GET", path);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
