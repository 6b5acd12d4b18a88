using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace AllInOne.Server.Tests.Live;

public sealed class SocketTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_subscription_gets_its_events_until_it_is_ended()
    {
        using var client = await SocketClient.OpenAsync(server.Client);
        var subscribed = await client.AskAsync("""{"type": "subscribe", "id": "mine", "topics": ["w/*"]}""");
        Publish("other", 0);
        Publish("w/1", 1);

        var told = (await client.NextAsync())!.Value;

        Assert.Equal(("subscribed", "mine"), (subscribed.GetProperty("type").GetString(), subscribed.GetProperty("id").GetString()));
        Assert.Equal(("event", "mine"), (told.GetProperty("type").GetString(), told.GetProperty("id").GetString()));
        Assert.Equal("w/1", told.GetProperty("event").GetProperty("topic").GetString());
        Assert.Equal("unsubscribed", (await client.AskAsync("""{"type": "unsubscribe", "id": "mine"}""")).GetProperty("type").GetString());
        Publish("w/1", 2);
        Assert.Equal("pong", (await client.AskAsync("""{"type": "ping"}""")).GetProperty("type").GetString());
        Assert.Equal("pong", (await client.AskAsync("\ufeff{\"type\": \"ping\"}")).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_cursor_is_resumed_without_a_gap_and_an_impossible_one_gets_a_reset()
    {
        using var client = await SocketClient.OpenAsync(server.Client);
        var next = (await client.AskAsync("""{"type": "subscribe", "id": "a"}""")).GetProperty("next").GetInt64();
        await client.AskAsync("""{"type": "unsubscribe", "id": "a"}""");
        Publish("resumed", 1);
        Publish("resumed", 2);

        await client.AskAsync($$"""{"type": "subscribe", "id": "b", "topics": ["resumed"], "since": {{next}}}""");
        Assert.Equal(1, Number((await client.NextAsync())!.Value));
        Assert.Equal(2, Number((await client.NextAsync())!.Value));
        await client.AskAsync("""{"type": "subscribe", "id": "c", "topics": ["nobody"], "since": 9000000000000000000}""");
        var reset = (await client.NextAsync())!.Value;
        Assert.Equal(("reset", "c"), (reset.GetProperty("type").GetString(), reset.GetProperty("id").GetString()));
        Assert.Equal(server.Tree.Events.Head, reset.GetProperty("next").GetInt64());
    }

    [Fact]
    public async Task A_thousand_subscriptions_of_one_socket_each_get_their_own_events_and_one_more_is_refused()
    {
        using var client = await SocketClient.OpenAsync(server.Client);
        for (var n = 0; n < 1000; n++)
        {
            await client.AskAsync($$"""{"type": "subscribe", "id": "{{n}}", "topics": ["many/{{n}}", "all/*"]}""");
        }

        Assert.Equal(503, Status(await client.AskAsync("""{"type": "subscribe", "id": "more"}""")));
        Assert.Equal(409, Status(await client.AskAsync("""{"type": "subscribe", "id": "7"}""")));
        Publish("many/500", 500);
        var one = (await client.NextAsync())!.Value;
        Publish("all/x", 1);
        Publish("all/y", 2);
        var got = new Dictionary<string, List<int>>();
        for (var n = 0; n < 2000; n++)
        {
            var told = (await client.NextAsync())!.Value;
            (got.TryGetValue(told.GetProperty("id").GetString()!, out var numbers) ? numbers : got[told.GetProperty("id").GetString()!] = []).Add(Number(told));
        }

        Assert.Equal("500", one.GetProperty("id").GetString());
        Assert.Equal(1000, got.Count);
        Assert.All(got.Values, numbers => Assert.Equal([1, 2], numbers));
    }

    [Theory]
    [InlineData("""{"type": "subscribe"}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "topics": "a"}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "topics": [1]}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "topics": ["a*b"]}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "since": -1}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "since": 1.5}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "since": {}}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "limit": 1}""")]
    [InlineData("""{"type": "dance"}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_message_that_makes_no_sense_is_answered_and_the_third_one_closes(string message)
    {
        using var client = await SocketClient.OpenAsync(server.Client);

        Assert.Equal(400, Status(await client.AskAsync(message)));
        Assert.Equal("pong", (await client.AskAsync("""{"type": "ping"}""")).GetProperty("type").GetString());
        Assert.Equal(400, Status(await client.AskAsync(message)));
        Assert.Equal(400, Status(await client.AskAsync(message)));
        Assert.Null(await client.NextAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task A_message_that_is_too_large_or_binary_closes()
    {
        using var large = await SocketClient.OpenAsync(server.Client);
        await large.SendAsync(new string(' ', 70_000));
        Assert.Null(await large.NextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, large.Socket.CloseStatus);

        using var binary = await SocketClient.OpenAsync(server.Client);
        await binary.Socket.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary, true, CancellationToken.None);
        Assert.Null(await binary.NextAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, binary.Socket.CloseStatus);
    }

    [Fact]
    public async Task A_request_that_is_no_handshake_or_comes_from_another_site_is_refused()
    {
        using var plain = await server.Client.GetAsync("/api/events/ws");
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);

        using var foreign = new ClientWebSocket();
        foreign.Options.SetRequestHeader("Origin", "http://example.org");
        var address = new UriBuilder(new Uri(server.Client.BaseAddress!, "/api/events/ws")) { Scheme = "ws" }.Uri;
        await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(address, CancellationToken.None));
    }

    [Fact]
    public async Task A_close_of_the_client_is_answered_and_a_restart_of_the_web_host_closes_with_its_reason()
    {
        using var leaving = await SocketClient.OpenAsync(server.Client);
        await leaving.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, leaving.Socket.CloseStatus);
        using var client = await SocketClient.OpenAsync(server.Client);
        await client.AskAsync("""{"type": "subscribe", "id": "a"}""");

        Assert.True(server.Tree.Restart("/user/http"));

        Assert.Null(await client.NextAsync());
        Assert.Equal(1012, (int)client.Socket.CloseStatus!.Value);
        await server.ReadyAsync();
        await Until.TrueAsync(
            () => server.Tree.Live.Figures is { WebSockets: 0, Subscriptions: 0 }, () => server.Tree.Live.Figures.ToString());
    }

    private static int Status(System.Text.Json.JsonElement error) => error.GetProperty("problem").GetProperty("status").GetInt32();

    private static int Number(System.Text.Json.JsonElement told) => told.GetProperty("event").GetProperty("data").GetInt32();

    private void Publish(string topic, int number) =>
        server.Tree.Events.Publish(topic, "test", Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
}
