using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using AllInOne.Core.Events;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Live;

/// <summary>
/// The writer of messages to the client of a WebSocket, one at a time, because the loop that sends events and the loop that answers share the socket.
/// If the client does not read, both loops wait, so no messages are buffered for it.
/// </summary>
internal sealed class SocketWriter(WebSocket socket, SocketSession connection) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public void Dispose() => _turn.Dispose();

    public Task AnswerAsync(object message) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, Json.Options), 0);

    /// <summary><c>{"type":"event","id":…,"event":{…}}</c>, with the JSON that the event already has.</summary>
    public async Task SendEventAsync(JsonEncodedText id, LogEntry entry)
    {
        var length = id.EncodedUtf8Bytes.Length + entry.Json.Length + 40;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await SendAsync(buffer.AsMemory(0, Write(buffer, id.EncodedUtf8Bytes, entry.Json.Span)), 1);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends the close frame of the server.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(status, reason, cancel);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private static int Write(Span<byte> buffer, ReadOnlySpan<byte> id, ReadOnlySpan<byte> json)
    {
        var at = 0;
        Append(buffer, "{\"type\":\"event\",\"id\":\""u8, ref at);
        Append(buffer, id, ref at);
        Append(buffer, "\",\"event\":"u8, ref at);
        Append(buffer, json, ref at);
        Append(buffer, "}"u8, ref at);
        return at;
    }

    private static void Append(Span<byte> buffer, ReadOnlySpan<byte> part, ref int at)
    {
        part.CopyTo(buffer[at..]);
        at += part.Length;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, int events)
    {
        await _turn.WaitAsync();
        try
        {
            connection.BeginWrite();
            // No token: a cancelled send would break the socket. The limit of the connection ends a send that is stuck.
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            connection.EndWrite(events);
        }
        finally
        {
            _turn.Release();
        }
    }
}
