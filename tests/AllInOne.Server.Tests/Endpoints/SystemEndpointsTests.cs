using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints;

public sealed class SystemEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task System_shows_the_figures_of_the_process()
    {
        await server.FeedAsync("<event><sensor id=\"figures\" state=\"1\"/></event>");

        var system = await server.GetJsonAsync("/api/system");

        Assert.Equal("test-node", system.GetProperty("node").GetString());
        Assert.NotEmpty(system.GetProperty("version").GetString()!);
        Assert.True(system.GetProperty("uptime").GetDouble() > 0);
        Assert.InRange(system.GetProperty("cpu").GetDouble(), 0, 1);
        Assert.True(system.GetProperty("memory").GetProperty("workingSet").GetInt64() > 0);
        Assert.True(system.GetProperty("memory").GetProperty("managed").GetInt64() > 0);
        Assert.True(system.GetProperty("entities").GetInt32() >= 1);
        Assert.Equal(server.Tree.Events.Head, system.GetProperty("events").GetProperty("head").GetInt64());
        Assert.True(system.GetProperty("events").GetProperty("total").GetInt64() >= 1);
        Assert.Equal(
            ["workers", "threads", "maxThreads", "queued", "heldUp"],
            system.GetProperty("scheduler").EnumerateObject().Select(member => member.Name));
        Assert.True(system.GetProperty("scheduler").GetProperty("workers").GetInt32() >= 1);
        Assert.Equal(
            ["allinone", "history", "state"], system.GetProperty("writers").EnumerateArray().Select(writer => writer.GetProperty("file").GetString()));
        Assert.All(system.GetProperty("writers").EnumerateArray(), writer => Assert.True(writer.GetProperty("ready").GetBoolean()));
        Assert.True(system.GetProperty("writers")[1].GetProperty("figures").GetProperty("rowsPerTransaction").GetDouble() >= 1);
    }

    [Fact]
    public async Task A_feed_shows_its_connections_with_their_counters()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Tree.Feeds.XmlEndPoint);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes("<event><sensor id=\"open\" state=\"1\"/><sensor/></event>"));

        await Until.TrueAsync(() => server.Tree.Feeds.Connections.Any(one => one.Committed == 1 && one.Rejected == 1));
        var feed = (await server.GetJsonAsync("/api/system")).GetProperty("feeds")[0];

        Assert.Equal(server.Tree.Feeds.XmlEndPoint.ToString(), feed.GetProperty("listen").GetString());
        var connection = feed.GetProperty("connections").EnumerateArray()
            .Single(one => IPEndPoint.Parse(one.GetProperty("peer").GetString()!).Port == ((IPEndPoint)client.Client.LocalEndPoint!).Port);
        Assert.Equal(1, connection.GetProperty("events").GetInt64());
        Assert.Equal(1, connection.GetProperty("elements").GetInt64());
        Assert.NotEmpty(connection.GetProperty("lastError").GetString()!);
        Assert.EndsWith("Z", connection.GetProperty("since").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_and_readiness_answer()
    {
        Assert.Equal("alive", (await server.GetJsonAsync("/healthz")).GetProperty("status").GetString());
        Assert.Equal("ready", (await server.GetJsonAsync("/readyz")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_actors_of_a_path_are_listed_from_the_top_down()
    {
        await server.FeedAsync("<event><sensor id=\"tree\" state=\"1\"/></event>");

        var itself = await server.GetJsonAsync("/api/system/actors?path=/user/entities&depth=0");
        var tree = await server.GetJsonAsync("/api/system/actors?depth=2&limit=1000");

        Assert.Equal(["/user/entities"], Paths(itself));
        var paths = Paths(tree).ToList();
        Assert.Equal("/user", paths[0]);
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
        foreach (var path in (string[])["/user/storage", "/user/live", "/user/entities", "/user/entities/sensor.tree", "/user/feeds", "/user/feeds/xml", "/user/http"])
        {
            Assert.Contains(path, paths);
        }

        Assert.Equal(
            ["path", "type", "status", "mailbox", "messages", "busyMs", "restarts", "children", "lastFailure", "message", "since"],
            itself.GetProperty("items")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task The_root_shows_both_sides_of_the_tree_and_the_default_is_that_of_the_server()
    {
        var root = Paths(await server.GetJsonAsync("/api/system/actors?path=/"));
        var all = Paths(await server.GetJsonAsync("/api/system/actors?path=/&depth=2&limit=1000")).ToList();

        Assert.Equal(["/", "/system", "/user"], root);
        Assert.Contains("/user/http", all);
        Assert.Contains(all, path => path.StartsWith("/system/", StringComparison.Ordinal));
        Assert.Equal(all.Where(path => path.StartsWith("/user", StringComparison.Ordinal)), Paths(await server.GetJsonAsync("/api/system/actors")));
    }

    [Fact]
    public async Task An_actor_of_the_runtime_is_not_stopped()
    {
        using var response = await server.SendAsync("POST", "/api/system/actors/stop?path=/user");

        Assert.Equal(409, (int)response.StatusCode);
        Assert.Contains("/user belongs to the actor runtime", await response.Content.ReadAsStringAsync());
        Assert.NotNull(server.Tree.Inspection.Find("/user"));
        Assert.False(server.Tree.WhenTerminated.IsCompleted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Pages_of_the_tree_join_to_the_whole(int limit)
    {
        await server.FeedAsync(string.Concat(Enumerable.Range(0, 6).Select(n => $"<event><sensor id=\"page{n}\" state=\"{n}\"/></event>")));
        var whole = Paths(await server.GetJsonAsync("/api/system/actors?path=/user/entities&depth=3&limit=1000")).ToList();

        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.GetJsonAsync($"/api/system/actors?path=/user/entities&depth=3&limit={limit}{(cursor is null ? "" : "&cursor=" + cursor)}");
            Assert.InRange(Paths(page).Count(), 0, limit);
            pages.AddRange(Paths(page));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(whole, pages);
    }

    [Theory]
    [InlineData("GET", "/api/system/actors?path=user", 400)]
    [InlineData("GET", "/api/system/actors?path=/user/", 400)]
    [InlineData("GET", "/api/system/actors?path=/user/nobody", 404)]
    [InlineData("GET", "/api/system/actors?depth=-1", 400)]
    [InlineData("GET", "/api/system/actors?limit=5000", 400)]
    [InlineData("GET", "/api/system/actors?path=/user/http&cursor=/user/entities", 400)]
    [InlineData("GET", "/api/system?what=ever", 400)]
    [InlineData("POST", "/api/system/actors/restart", 400)]
    [InlineData("POST", "/api/system/actors/restart?path=/user", 409)]
    [InlineData("POST", "/api/system/actors/stop?path=/user", 409)]
    [InlineData("POST", "/api/system/actors/stop?path=/", 409)]
    [InlineData("POST", "/api/system/actors/stop?path=/system", 409)]
    [InlineData("POST", "/api/system/actors/restart?path=/system/EventStreamUnsubscriber-1", 409)]
    [InlineData("POST", "/api/system/actors/stop?path=/system/nobody", 409)]
    [InlineData("POST", "/api/system/actors/stop?path=/nobody", 404)]
    [InlineData("POST", "/api/system/actors/stop?path=user/load", 400)]
    [InlineData("POST", "/api/system/actors/stop?path=/user/", 400)]
    [InlineData("POST", "/api/system/actors/stop?path=//", 400)]
    [InlineData("POST", "/api/system/actors/stop?path=//user/load", 400)]
    [InlineData("POST", "/api/system/actors/stop?path=/user//load", 400)]
    [InlineData("POST", "/api/system/actors/stop?path=/user/load%231", 400)]
    [InlineData("POST", "/api/system/actors/stop?path=/user/..", 404)]
    [InlineData("POST", "/api/system/actors/stop?path=/user/../system", 404)]
    [InlineData("POST", "/api/system/actors/stop?path=/user/%24a", 404)]
    [InlineData("POST", "/api/system/actors/stop?path=/user/lo%2561d", 404)]
    [InlineData("GET", "/api/system/actors?path=//", 400)]
    [InlineData("GET", "/api/system/actors?path=/user//load", 400)]
    [InlineData("GET", "/api/system/actors?path=/user/load%231", 400)]
    [InlineData("GET", "/api/system/actors?path=/user/..", 404)]
    [InlineData("GET", "/api/system/actors?path=/temp", 404)]
    [InlineData("GET", "/api/system/actors/trace?path=/user//load", 400)]
    [InlineData("GET", "/api/system/actors/trace?path=/nobody", 404)]
    [InlineData("POST", "/api/system/actors/restart?path=/user/nobody", 404)]
    [InlineData("POST", "/api/system/actors/stop?path=/user/nobody", 404)]
    [InlineData("GET", "/api/system/actors/restart?path=/user/http", 405)]
    public async Task A_wrong_request_is_a_problem(string method, string path, int status)
    {
        using var response = await server.SendAsync(method, path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static IEnumerable<string> Paths(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("path").GetString()!);
}
