using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using AllInOne.Core.Events;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Live;

/// <summary>
/// Messages to a WebSocket's client, one at a time: the loop that tells events and the one that answers share the socket. A client
/// that does not read holds both up, so nothing gathers for it.
/// </summary>
internal sealed class SocketWriter(WebSocket socket, SocketSession connection) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public void Dispose() => _turn.Dispose();

    public Task AnswerAsync(object message) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, Json.Options), 0);

    /// <summary><c>{"type":"event","id":…,"event":{…}}</c>, the event as it was serialised when it was made.</summary>
    public async Task TellAsync(JsonEncodedText id, LogEntry entry)
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

    /// <summary>The end, said by us.</summary>
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
            // No token: a cancelled send would break the socket. A stuck one is ended by the connection's own limit.
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            connection.EndWrite(events);
        }
        finally
        {
            _turn.Release();
        }
    }
}
