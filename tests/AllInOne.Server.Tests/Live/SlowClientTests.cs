using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AllInOne.Core.Live;

namespace AllInOne.Server.Tests.Live;

/// <summary>Clients that do not read their events, on raw sockets, because an HTTP library would read for them.</summary>
public sealed class SlowClientTests : IAsyncLifetime, IDisposable
{
    private const int EventBytes = 20_000;

    private readonly TestServer _server = new()
    {
        Keys =
        {
            ["Live:MaxBehind"] = "1000",
            ["Live:RingSize"] = "256",
            ["Live:Heartbeat"] = "00:00:00.500",
            // On a busy machine, a client that falls behind must not count as a client that reads nothing.
            ["Live:SlowWriteTimeout"] = "00:10:00",
        },
    };

    private LiveFigures Figures => _server.Tree.Live.Figures;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_client_that_falls_too_far_behind_gets_a_reset_that_it_can_resume_from_and_others_are_not_affected()
    {
        using var slow = await OpenAsync();
        await using var quick = await SseClient.OpenAsync(_server.Client, "topic=t");
        await PublishAsync(3000, quick);

        var text = await ReadToEndAsync(slow);

        Assert.Equal(1, Figures.Dropped);
        var reset = text.LastIndexOf("event: reset\nid: ", StringComparison.Ordinal);
        Assert.True(reset > 0, text[^200..]);
        var id = text[(reset + 17)..].Split('\n')[0];
        Assert.Equal(_server.Tree.Events.Head, long.Parse(id, CultureInfo.InvariantCulture));
        Assert.Equal(1, Figures.Sse);
        await using var again = await SseClient.OpenAsync(_server.Client, "topic=t", id);
        Publish(3000);
        Assert.Equal(3000, Number((await again.NextAsync())!.Value));
    }

    [Fact]
    public async Task A_client_that_is_slow_but_not_too_far_behind_misses_nothing_although_the_ring_was_overwritten()
    {
        // HTTP/1.0 sends the events without chunks.
        using var slow = await OpenAsync("1.0");
        await using var quick = await SseClient.OpenAsync(_server.Client, "topic=t");
        await PublishAsync(900, quick);
        var stream = new NetworkStream(slow);
        using var reader = new StreamReader(stream);
        var numbers = new List<int>();

        while (numbers.Count < 900)
        {
            var line = await reader.ReadLineAsync().WaitAsync(Until.Limit);
            if (line!.StartsWith("data: ", StringComparison.Ordinal))
            {
                numbers.Add(Number(new SseEvent("", "", line[6..])));
            }
        }

        Assert.Equal(Enumerable.Range(0, 900), numbers);
        Assert.Equal(0, Figures.Dropped);
    }

    [Theory]
    [InlineData(900)]
    // So few events that the kernel takes them all, and no write of the server ever waits.
    [InlineData(20)]
    public async Task A_client_that_reads_nothing_is_cut_off_and_counted_and_others_are_not_affected(int events)
    {
        _server.Keys["Live:SlowWriteTimeout"] = "00:00:01";
        await _server.RestartAsync();
        using var stuck = await OpenAsync();
        // This client has another topic, so no event waits for the test to read, even on a busy machine.
        await using var other = await SseClient.OpenAsync(_server.Client, "topic=other");
        for (var n = 0; n < events; n++)
        {
            Publish(n);
        }

        await Until.TrueAsync(() => Figures is { Sse: 1, Dropped: 1 }, () => Figures.ToString());
        _server.Tree.Events.Publish("other", "test", "1"u8);
        Assert.Equal(1, (await other.NextAsync())!.Value.Number);
        Assert.Equal(1, Figures.Dropped);
    }

    [Fact]
    public async Task The_limit_of_ordinary_answers_cuts_off_an_unread_long_poll_and_no_stream()
    {
        _server.Keys["Http:SlowWriteTimeout"] = "00:00:01";
        await _server.RestartAsync();
        // The stream waits first: a limit for both would cut it off first.
        using var stream = await OpenAsync("1.0");
        for (var n = 0; n < 900; n++)
        {
            Publish(n);
        }

        await Until.TrueAsync(() => Figures.Sent > 0, () => Figures.ToString());
        using var poll = await ConnectAsync();
        await poll.SendAsync("GET /api/events?topic=t&since=0&limit=900 HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        await Until.TrueAsync(async () =>
            (await _server.Client.GetStringAsync("/metrics")).Contains("\nallinone_http_answers_unread_total 1\n", StringComparison.Ordinal));

        using var reader = new StreamReader(new NetworkStream(stream));
        while (await reader.ReadLineAsync().WaitAsync(Until.Limit) is { } line && !line.Contains("\"00899", StringComparison.Ordinal))
        {
        }

        Assert.Equal((1, 0), (Figures.Sse, Figures.Dropped));
    }

    [Fact]
    public async Task A_client_that_reads_nothing_does_not_delay_a_restart_of_the_web_host()
    {
        _server.Keys["Http:DrainTimeout"] = "00:05:00";
        await _server.RestartAsync();
        using var stuck = await OpenAsync();
        for (var n = 0; n < 900; n++)
        {
            Publish(n);
        }

        // Wait until the server can send no more: all buffers are full.
        var (sent, looks) = (0L, 0);
        await Until.TrueAsync(
            () =>
            {
                var now = Figures.Sent;
                (sent, looks) = (now, now > 0 && now == sent ? looks + 1 : 0);
                return looks == 50;
            },
            () => Figures.ToString());
        Assert.True(_server.Tree.Restart("/user/http"));

        await Until.TrueAsync(() => Figures.Sse == 0, () => Figures.ToString());
        await _server.ReadyAsync();
        await using var next = await SseClient.OpenAsync(_server.Client);
    }

    [Fact]
    public async Task A_WebSocket_that_falls_too_far_behind_gets_a_reset_and_is_closed()
    {
        using var slow = await SocketClient.OpenAsync(_server.Client);
        await slow.AskAsync("""{"type": "subscribe", "id": "a", "topics": ["t"]}""");
        await using var quick = await SseClient.OpenAsync(_server.Client, "topic=t");
        await PublishAsync(3000, quick);

        var last = default(System.Text.Json.JsonElement);
        while (await slow.NextAsync() is { } told)
        {
            last = told;
        }

        Assert.Equal(("reset", "a"), (last.GetProperty("type").GetString(), last.GetProperty("id").GetString()));
        Assert.Equal(1013, (int)slow.Socket.CloseStatus!);
        Assert.Equal(1, Figures.Dropped);
    }

    [Fact]
    public async Task A_WebSocket_whose_client_vanished_without_a_close_is_cut_off()
    {
        _server.Keys["Live:SlowWriteTimeout"] = "00:00:01";
        await _server.RestartAsync();
        // This client reads everything but answers no ping, so the server cannot know whether it still exists.
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(IPAddress.Loopback, _server.Client.BaseAddress!.Port);
        await silent.SendAsync(
            "GET /api/events/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"u8.ToArray());
        await silent.SendAsync("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"u8.ToArray());
        // After this answer, the server counts it as a client.
        Assert.True(await silent.ReceiveAsync(new byte[4096]) > 0);

        await Until.TrueAsync(() => Figures.WebSockets == 0, () => Figures.ToString());
    }

    private async Task PublishAsync(int count, SseClient quick)
    {
        for (var n = 0; n < count; n++)
        {
            Publish(n);
            if (n % 50 == 49)
            {
                // The quick client reads so fast that it never falls behind.
                while (Number((await quick.NextAsync())!.Value) < n)
                {
                }
            }
        }
    }

    private void Publish(int n) => _server.Tree.Events.Publish("t", "test", Encoding.UTF8.GetBytes($"\"{n:00000}{new string('x', EventBytes)}\""));

    private static int Number(SseEvent told) =>
        int.Parse(told.Json.GetProperty("data").GetString()![..5], CultureInfo.InvariantCulture);

    private async Task<Socket> OpenAsync(string version = "1.1")
    {
        var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/events?topic=t HTTP/{version}\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"));
        await Until.TrueAsync(() => Figures.Sse >= 1, () => Figures.ToString());
        return socket;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, _server.Client.BaseAddress!.Port);
        return socket;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        // The last chunk of a chunked answer shows that the stream has ended normally.
        while (!text.ToString(Math.Max(0, text.Length - 5), Math.Min(5, text.Length)).Equals("0\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer).WaitAsync(Until.Limit);
            Assert.True(count > 0, "cut off");
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
