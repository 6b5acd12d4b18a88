using System.Net.Sockets;
using System.Text;

namespace AllInOne.Server.Tests.Live;

/// <summary>A client of a WebSocket that sends raw bytes, valid or not.</summary>
internal sealed class RawSocketClient : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    private NetworkStream Stream => _client.GetStream();

    public static async Task<RawSocketClient> OpenAsync(Uri server)
    {
        var client = new RawSocketClient();
        await client._client.ConnectAsync(server.Host, server.Port);
        await client.SendAsync(Encoding.ASCII.GetBytes(
            "GET /api/events/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var answer = new StringBuilder();
        var one = new byte[1];
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await client.Stream.ReadAsync(one) == 1)
        {
            answer.Append((char)one[0]);
        }

        Assert.StartsWith("HTTP/1.1 101 ", answer.ToString(), StringComparison.Ordinal);
        // This is the answer to this key in RFC 6455, 1.3.
        Assert.Contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", answer.ToString(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>A frame with a mask of zeros.</summary>
    public static byte[] Frame(byte opcode, byte[] payload) =>
    [
        (byte)(0x80 | opcode),
        .. payload.Length < 126 ? [(byte)(0x80 | payload.Length)] : new byte[] { 0x80 | 127, 0, 0, 0, 0, 0, (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length },
        0, 0, 0, 0,
        .. payload,
    ];

    public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes);

    /// <summary>Reads up to the server's close frame, and skips its other frames.</summary>
    public async Task<int> CloseCodeAsync()
    {
        var header = new byte[2];
        while (true)
        {
            await Stream.ReadExactlyAsync(header);
            Assert.NotEqual(127, header[1]);
            var length = (int)header[1];
            if (length == 126)
            {
                var extended = new byte[2];
                await Stream.ReadExactlyAsync(extended);
                length = (extended[0] << 8) | extended[1];
            }

            var payload = new byte[length];
            await Stream.ReadExactlyAsync(payload);
            if ((header[0] & 0x0F) == 8)
            {
                return (payload[0] << 8) | payload[1];
            }
        }
    }

    /// <summary>Whether the server has closed the connection and not reset it. No further byte may come before.</summary>
    public async Task<bool> IsClosedAsync() => await Stream.ReadAsync(new byte[1]) == 0;

    public void Dispose() => _client.Dispose();
}
