using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AllInOne.Server.Tests.Live;

/// <summary>A client of a WebSocket: JSON messages, one at a time.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly CancellationTokenSource _limit = new(Until.Limit);
    private readonly byte[] _buffer = new byte[65536];

    public ClientWebSocket Socket { get; } = new();

    public static async Task<SocketClient> OpenAsync(HttpClient http)
    {
        var client = new SocketClient();
        await client.Socket.ConnectAsync(new UriBuilder(new Uri(http.BaseAddress!, "/api/events/ws")) { Scheme = "ws" }.Uri, client._limit.Token);
        return client;
    }

    public Task SendAsync(string json) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, _limit.Token);

    /// <summary>Sends a message and returns the answer.</summary>
    public async Task<JsonElement> AskAsync(string json)
    {
        await SendAsync(json);
        return await NextAsync() ?? throw new EndOfStreamException($"closed: {Socket.CloseStatus}");
    }

    /// <summary>Returns the next message; null when the server closes.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await Socket.ReceiveAsync(_buffer.AsMemory(length), _limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return JsonDocument.Parse(_buffer.AsMemory(0, length)).RootElement.Clone();
            }
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        _limit.Dispose();
    }
}
