using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace AllInOne.Server.Tests.Live;

/// <summary>
/// A hundred clients disconnect and reconnect at random while events are published. The actors that wake them and the web host
/// restart, and the ring is so small that missed events come from history. Each client gets every event of its topic, once, in order.
/// </summary>
public sealed class ReconnectingTests : IAsyncLifetime, IDisposable
{
    private const int Clients = 100;
    private const int Topics = 10;
    private const int PerTopic = 5000;
    private const int Ahead = 50;

    private readonly TestServer _server = new() { Keys = { ["Live:RingSize"] = "1024" } };

    private int _furthest;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("long poll")]
    [InlineData("sse")]
    [InlineData("websocket")]
    public async Task No_event_is_lost_or_repeated_and_the_order_is_kept(string transport)
    {
        var start = (await _server.GetJsonAsync("/api/events?timeout=0")).GetProperty("next").GetInt64();
        var following = Enumerable.Range(0, Clients).Select(client => Task.Run(() => FollowAsync(transport, client, start))).ToList();
        for (var n = 0; n < PerTopic; n++)
        {
            for (var topic = 0; topic < Topics; topic++)
            {
                _server.Tree.Events.Publish($"run/{topic}", "test", Encoding.UTF8.GetBytes(n.ToString(CultureInfo.InvariantCulture)));
            }

            if (n == PerTopic / 4 || n == PerTopic / 2)
            {
                Assert.True(_server.Tree.Restart("/user/live/subscriptions"));
            }
            else if (n == PerTopic * 3 / 4)
            {
                Assert.True(_server.Tree.Restart("/user/http"));
            }

            // Do not get far ahead of the fastest reader, so that some events come live and not only from history.
            await Until.TrueAsync(
                () => Volatile.Read(ref _furthest) >= n - Ahead || following.Exists(client => client.IsFaulted), () => $"{n} told, {_furthest} read; {_server.Tree.Live.Figures}");
            if (following.Find(client => client.IsFaulted) is { } failed)
            {
                // The failure of the client says more than the timeout.
                await failed;
            }
        }

        foreach (var got in await Task.WhenAll(following).WaitAsync(2 * Until.Limit))
        {
            Assert.Equal(Enumerable.Range(0, PerTopic), got);
        }
    }

    private async Task<List<int>> FollowAsync(string transport, int client, long cursor)
    {
        var random = new Random(client);
        var got = new List<int>();
        while (got.Count < PerTopic)
        {
            var most = Math.Min(random.Next(1, PerTopic / 3), PerTopic - got.Count);
            try
            {
                var session = transport switch
                {
                    "sse" => StreamAsync($"run/{client % Topics}", cursor),
                    "websocket" => SocketAsync($"run/{client % Topics}", cursor),
                    _ => PollAsync($"run/{client % Topics}", cursor, most),
                };
                await foreach (var (seq, number) in session)
                {
                    got.Add(number);
                    Volatile.Write(ref _furthest, Math.Max(number, _furthest));
                    cursor = seq;
                    if (--most == 0)
                    {
                        break;
                    }
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException or WebSocketException)
            {
                await _server.ReadyAsync();
            }
        }

        return got;
    }

    private async IAsyncEnumerable<(long Seq, int Number)> PollAsync(string topic, long cursor, int limit)
    {
        var page = await _server.GetJsonAsync($"/api/events?topic={topic}&since={cursor}&limit={limit}&timeout=5");
        Assert.False(page.GetProperty("reset").GetBoolean());
        foreach (var one in page.GetProperty("events").EnumerateArray())
        {
            yield return (one.GetProperty("seq").GetInt64(), one.GetProperty("data").GetInt32());
        }
    }

    private async IAsyncEnumerable<(long Seq, int Number)> StreamAsync(string topic, long cursor)
    {
        await using var client = await SseClient.OpenAsync(_server.Client, $"topic={topic}", cursor.ToString(CultureInfo.InvariantCulture));
        while (await client.NextAsync() is { } told)
        {
            Assert.Equal("message", told.Name);
            yield return (client.Cursor, told.Number);
        }
    }

    private async IAsyncEnumerable<(long Seq, int Number)> SocketAsync(string topic, long cursor)
    {
        using var client = await SocketClient.OpenAsync(_server.Client);
        await client.AskAsync($$"""{"type": "subscribe", "id": "a", "topics": ["{{topic}}"], "since": {{cursor}}}""");
        while (await client.NextAsync() is { } told)
        {
            Assert.Equal("event", told.GetProperty("type").GetString());
            var one = told.GetProperty("event");
            yield return (one.GetProperty("seq").GetInt64(), one.GetProperty("data").GetInt32());
        }
    }
}
