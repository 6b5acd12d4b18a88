using System.Net.Sockets;
using System.Text;

namespace AllInOne.Server.Tests.Live;

public sealed class UnmaskedFrameTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string, int> Frames()
    {
        var frames = new TheoryData<string, int>();
        foreach (var length in new[] { 0, 1, 2, 3, 4, 5, 125, 126, 70_000 })
        {
            frames.Add("text", length);
        }

        frames.Add("ping", 0);
        frames.Add("close", 2);
        return frames;
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task An_unmasked_frame_of_any_length_is_answered_with_1002(string kind, int length)
    {
        using var client = await OpenAsync();
        // A masked frame before it: the place of the next header is found from its length.
        await client.GetStream().WriteAsync(new byte[] { 0x8A, 0x83, 1, 2, 3, 4, 5, 6, 7 });

        await client.GetStream().WriteAsync(Unmasked(kind switch { "text" => 0x81, "ping" => 0x89, _ => 0x88 }, length));

        Assert.Equal(1002, await CloseCodeAsync(client.GetStream()));
    }

    [Fact]
    public async Task An_unmasked_frame_whose_bytes_come_one_by_one_is_answered_with_1002()
    {
        using var client = await OpenAsync();
        client.NoDelay = true;

        await client.GetStream().WriteAsync(new byte[] { 0x81 });
        await client.GetStream().WriteAsync(new byte[] { 0x00 });

        Assert.Equal(1002, await CloseCodeAsync(client.GetStream()));
    }

    private static byte[] Unmasked(byte kind, int length) =>
    [
        kind,
        .. length < 126 ? [(byte)length] : length < 65_536 ? new byte[] { 126, (byte)(length >> 8), (byte)length } : [127, 0, 0, 0, 0, 0, (byte)(length >> 16), (byte)(length >> 8), (byte)length],
        .. new byte[Math.Min(length, 10)],
    ];

    private async Task<TcpClient> OpenAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "GET /api/events/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var answer = new StringBuilder();
        var one = new byte[1];
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await client.GetStream().ReadAsync(one) == 1)
        {
            answer.Append((char)one[0]);
        }

        Assert.StartsWith("HTTP/1.1 101 ", answer.ToString(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>Of the server's close frame; its other frames are passed over.</summary>
    private static async Task<int> CloseCodeAsync(NetworkStream stream)
    {
        var header = new byte[2];
        while (true)
        {
            await stream.ReadExactlyAsync(header);
            Assert.True(header[1] < 126, "a small frame");
            var payload = new byte[header[1]];
            await stream.ReadExactlyAsync(payload);
            if ((header[0] & 0x0F) == 8)
            {
                return (payload[0] << 8) | payload[1];
            }
        }
    }
}
