using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Deaths;

/// <summary>Clients follow events while the process is killed. They reconnect with their cursors and miss no acknowledged event.</summary>
public sealed class LiveDeathTests : IDisposable
{
    private const string Topic = "entities/counter.c";

    private static readonly TimeSpan Limit = Until.Limit;

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("long poll")]
    [InlineData("websocket")]
    public async Task A_client_resumes_over_a_killed_process_and_misses_nothing(string transport)
    {
        var got = new List<int>();
        long cursor;
        await using (var server = await ServerProcess.StartAsync(_data.Path))
        {
            var page = await server.Http.GetFromJsonAsync<JsonElement>("/api/events?timeout=0");
            cursor = page.GetProperty("next").GetInt64();
            await SendAsync(server, 1, 100);
            cursor = await FollowAsync(server, transport, cursor, got, 50);
            await server.KillAsync();
        }

        await using var successor = await ServerProcess.StartAsync(_data.Path);
        await SendAsync(successor, 101, 200);
        await FollowAsync(successor, transport, cursor, got, 200);

        Assert.Equal(Enumerable.Range(1, 200), got);
    }

    /// <summary>Follows until this many events have arrived; returns the cursor.</summary>
    private static Task<long> FollowAsync(ServerProcess server, string transport, long cursor, List<int> got, int count) =>
        (transport == "websocket" ? SocketAsync(server, cursor, got, count) : PollAsync(server, cursor, got, count)).WaitAsync(Limit);

    private static async Task<long> PollAsync(ServerProcess server, long cursor, List<int> got, int count)
    {
        while (got.Count < count)
        {
            var page = await server.Http.GetFromJsonAsync<JsonElement>(
                $"/api/events?topic={Topic}&since={cursor}&limit={Math.Min(10, count - got.Count)}&timeout=10");
            Assert.False(page.GetProperty("reset").GetBoolean());
            got.AddRange(page.GetProperty("events").EnumerateArray().Select(State));
            cursor = page.GetProperty("next").GetInt64();
        }

        return cursor;
    }

    private static async Task<long> SocketAsync(ServerProcess server, long cursor, List<int> got, int count)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(server.Url, "/api/events/ws")) { Scheme = "ws" }.Uri, CancellationToken.None);
        var subscribe = $$"""{"type": "subscribe", "id": "a", "topics": ["{{Topic}}"], "since": {{cursor.ToString(CultureInfo.InvariantCulture)}}}""";
        await socket.SendAsync(Encoding.UTF8.GetBytes(subscribe), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[65536];
        while (got.Count < count)
        {
            var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
            Assert.True(part.EndOfMessage);
            using var message = JsonDocument.Parse(buffer.AsMemory(0, part.Count));
            var type = message.RootElement.GetProperty("type").GetString();
            Assert.NotEqual("reset", type);
            if (type == "event")
            {
                var told = message.RootElement.GetProperty("event");
                got.Add(State(told));
                cursor = told.GetProperty("seq").GetInt64();
            }
        }

        return cursor;
    }

    private static int State(JsonElement told) => told.GetProperty("data").GetProperty("state").GetInt32();

    private static async Task SendAsync(ServerProcess server, int first, int last)
    {
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);
        for (var n = first; n <= last; n++)
        {
            await feed.SendAsync($"<event><counter id=\"c\" state=\"{n.ToString(CultureInfo.InvariantCulture)}\"/></event>");
        }

        await feed.EndAsync();
    }
}
