using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary>Events over each transport behind a real proxy, which buffers answers unless the server forbids it.</summary>
public sealed class ProxyTests : IAsyncLifetime, IDisposable
{
    private const string Topic = "entities/counter.c";

    private static readonly TimeSpan Limit = Until.Limit;

    private readonly TemporaryDirectory _data = new();
    private ServerProcess _server = null!;
    private NginxProxy _proxy = null!;
    private FeedClient _feed = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(_data.Path);
        _proxy = await NginxProxy.StartAsync(_server.Url);
        _feed = await FeedClient.ConnectAsync(_server.Feed, acks: false);
    }

    public async Task DisposeAsync()
    {
        if (_feed is not null)
        {
            await _feed.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("/newer")]
    public async Task A_stream_passes_event_by_event_although_the_proxy_buffers_answers(string place)
    {
        using var http = _proxy.Client();
        var kept = OpenAsync(http, "/kept");
        using var told = await OpenAsync(http, place);

        for (var n = 1; n <= 5; n++)
        {
            // The next event is sent only after this one has arrived, so no later event pushes it out of a buffer.
            await SendAsync(n);
            Assert.Equal(n, await NextAsync(told));
        }

        Assert.False(kept.IsCompleted, "This proxy gathers nothing: the test shows nothing.");
    }

    [Fact]
    public async Task A_long_poll_passes_through_the_proxy()
    {
        using var http = _proxy.Client();
        var start = await http.GetFromJsonAsync<JsonElement>("/api/events?timeout=0");
        var since = start.GetProperty("next").GetInt64().ToString(CultureInfo.InvariantCulture);
        var asked = http.GetFromJsonAsync<JsonElement>($"/api/events?topic={Topic}&since={since}&timeout=30");
        await SendAsync(1);

        var page = await asked.WaitAsync(Limit);

        Assert.Equal(1, State(Assert.Single(page.GetProperty("events").EnumerateArray())));
    }

    [Fact]
    public async Task A_WebSocket_passes_through_the_proxy()
    {
        using var socket = await _proxy.OpenAsync("/api/events/ws");
        await socket.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"type": "subscribe", "id": "a", "topics": ["{{Topic}}"]}"""), WebSocketMessageType.Text, true, CancellationToken.None);
        Assert.Equal("subscribed", (await NextAsync(socket)).GetProperty("type").GetString());

        for (var n = 1; n <= 5; n++)
        {
            await SendAsync(n);
            Assert.Equal(n, State((await NextAsync(socket)).GetProperty("event")));
        }
    }

    private static async Task<StreamReader> OpenAsync(HttpClient http, string place)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{place}/api/events?topic={Topic}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Limit);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    private static async Task<int> NextAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return State(JsonDocument.Parse(line[6..]).RootElement);
            }
        }

        throw new EndOfStreamException();
    }

    private static async Task<JsonElement> NextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[65536];
        var part = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Limit);
        Assert.True(part.EndOfMessage);
        return JsonDocument.Parse(buffer.AsMemory(0, part.Count)).RootElement.Clone();
    }

    private static int State(JsonElement told) => told.GetProperty("data").GetProperty("state").GetInt32();

    private Task SendAsync(int n) =>
        _feed.SendAsync($"<event><counter id=\"c\" state=\"{n.ToString(CultureInfo.InvariantCulture)}\"/></event>");
}
