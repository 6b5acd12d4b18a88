using System.Globalization;
using System.Net;
using System.Text;
using AllInOne.Core.Live;

namespace AllInOne.Server.Tests.Live;

public sealed class SseStreamTests : IAsyncLifetime, IDisposable
{
    private readonly TestServer _server = new() { Keys = { ["Live:Heartbeat"] = "00:00:00.200", ["Live:MaxConnections"] = "3" } };

    private LiveFigures Figures => _server.Tree.Live.Figures;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Events_of_the_topic_come_with_their_numbers_as_ids()
    {
        await using var client = await SseClient.OpenAsync(_server.Client, "topic=a/*");
        Publish("b/1", "0");
        Publish("a/1", "1");
        Publish("a/2", "2");

        var (first, second) = (await client.NextAsync(), await client.NextAsync());

        Assert.Equal(("message", "a/1", 1), (first!.Value.Name, first.Value.Topic, first.Value.Number));
        Assert.Equal(("a/2", 2), (second!.Value.Topic, second.Value.Number));
        Assert.Equal(first.Value.Id, first.Value.Json.GetProperty("seq").GetInt64().ToString(CultureInfo.InvariantCulture));
        Assert.Equal("text/event-stream", client.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", client.Response.Headers.CacheControl?.ToString());
        Assert.Equal(["no"], client.Response.Headers.GetValues("X-Accel-Buffering"));
        Assert.InRange(client.Retry, 1500, 4500);
    }

    [Fact]
    public async Task Data_with_line_breaks_arrives_whole()
    {
        await using var client = await SseClient.OpenAsync(_server.Client);
        Publish("a", "{\n  \"b\":\r\n [1,\n2]}");

        var told = await client.NextAsync();

        Assert.Equal(2, told!.Value.Json.GetProperty("data").GetProperty("b").GetArrayLength());
    }

    [Fact]
    public async Task The_last_event_id_wins_over_since_and_nothing_is_missed()
    {
        await using var client = await SseClient.OpenAsync(_server.Client);
        Publish("a", "1");
        var since = (await client.NextAsync())!.Value.Id;
        await client.DisposeAsync();
        Publish("a", "2");
        Publish("a", "3");
        var last = _server.Tree.Events.Head;

        await using var again = await SseClient.OpenAsync(_server.Client, $"since={last}", lastId: since);

        Assert.Equal(2, (await again.NextAsync())!.Value.Number);
        Assert.Equal(3, (await again.NextAsync())!.Value.Number);
    }

    [Fact]
    public async Task A_heartbeat_comes_without_events_and_moves_the_cursor_over_other_topics()
    {
        await using var client = await SseClient.OpenAsync(_server.Client, "topic=mine");
        await client.HeartbeatAsync();
        Publish("other", "1");
        Publish("other", "2");

        // A heartbeat that was already under way does not include them.
        do
        {
            await client.HeartbeatAsync();
        }
        while (client.Cursor < _server.Tree.Events.Head);

        Publish("mine", "3");
        Assert.Equal(3, (await client.NextAsync())!.Value.Number);
    }

    [Fact]
    public async Task A_cursor_that_cannot_be_served_gets_a_reset_and_continues_from_the_head()
    {
        await using var client = await SseClient.OpenAsync(_server.Client, "since=9000000000000000000");

        var reset = await client.NextAsync();
        Publish("a", "1");

        Assert.Equal("reset", reset!.Value.Name);
        Assert.True(reset.Value.Json.GetProperty("reset").GetBoolean());
        Assert.Equal(reset.Value.Id, reset.Value.Json.GetProperty("next").GetInt64().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(1, (await client.NextAsync())!.Value.Number);
    }

    [Theory]
    [InlineData("since=soon", null)]
    [InlineData("since=-1", null)]
    [InlineData("topic=a*b", null)]
    [InlineData("topics=a", null)]
    [InlineData("timeout=3", null)]
    [InlineData("", "yesterday")]
    public async Task A_wrong_query_is_400(string query, string? lastId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events?{query}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        using var response = await _server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task One_connection_too_many_is_refused_until_another_ends()
    {
        await using var first = await SseClient.OpenAsync(_server.Client);
        await using var second = await SseClient.OpenAsync(_server.Client);
        await using var third = await SseClient.OpenAsync(_server.Client);
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/api/events"))
        {
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var refused = await _server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await third.DisposeAsync();
        await Until.TrueAsync(() => Figures.Sse == 2, () => Figures.ToString());
        await using var fourth = await SseClient.OpenAsync(_server.Client);
    }

    [Fact]
    public async Task Connections_and_their_events_are_counted()
    {
        await using var client = await SseClient.OpenAsync(_server.Client, "topic=a");
        var poll = _server.GetJsonAsync("/api/events?topic=b&timeout=30");
        await Until.TrueAsync(() => Figures.LongPolls == 1, () => Figures.ToString());
        Publish("a", "1");
        await client.NextAsync();
        await Until.TrueAsync(() => Figures.Sent == 1, () => Figures.ToString());

        var live = (await _server.GetJsonAsync("/api/system")).GetProperty("live");

        Assert.Equal(
            ["longPolls", "sse", "webSockets", "subscriptions", "sent", "dropped", "resets"],
            live.EnumerateObject().Select(member => member.Name));
        Assert.Equal([1, 1, 0, 1, 1, 0, 0], live.EnumerateObject().Select(member => member.Value.GetInt32()));
        var actor = (await _server.GetJsonAsync("/api/system/actors?path=/user/live&depth=0")).GetProperty("items")[0];
        Assert.Equal(live.GetRawText(), actor.GetProperty("detail").GetRawText());
        Publish("b", "2");
        await poll;
    }

    [Fact]
    public async Task A_restart_of_the_web_host_ends_the_stream_with_a_retry_delay_and_the_cursor_stays_valid()
    {
        await using var client = await SseClient.OpenAsync(_server.Client, "topic=a");
        Publish("a", "1");
        await client.NextAsync();

        Assert.True(_server.Tree.Restart("/user/http"));
        Assert.Null(await client.NextAsync());
        Publish("a", "2");
        await _server.ReadyAsync();

        Assert.InRange(client.Retry, 1500, 4500);
        await using var again = await SseClient.OpenAsync(_server.Client, "topic=a", client.LastId);
        Assert.Equal(2, (await again.NextAsync())!.Value.Number);
    }

    [Theory]
    [InlineData("/user/live/subscriptions", true)]
    [InlineData("/user/live/subscriptions", false)]
    [InlineData("/user/live/log", true)]
    [InlineData("/user/live", true)]
    public async Task A_stream_survives_the_actors_that_wake_it(string path, bool restart)
    {
        await using var client = await SseClient.OpenAsync(_server.Client, "topic=a");
        await client.HeartbeatAsync();

        Assert.True(restart ? _server.Tree.Restart(path) : _server.Tree.Stop(path));
        for (var n = 1; n <= 100; n++)
        {
            Publish("a", n.ToString(CultureInfo.InvariantCulture));
        }

        for (var n = 1; n <= 100; n++)
        {
            Assert.Equal(n, (await client.NextAsync())!.Value.Number);
        }
    }

    private void Publish(string topic, string data) => _server.Tree.Events.Publish(topic, "test", Encoding.UTF8.GetBytes(data));
}
