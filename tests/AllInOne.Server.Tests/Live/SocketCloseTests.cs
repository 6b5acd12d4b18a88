namespace AllInOne.Server.Tests.Live;

/// <summary>
/// At each close, the client gets the close frame, even if it still sends. A connection that is closed with unread bytes is reset, and the
/// reset can overtake the frame. So the server reads until the client's own close frame.
/// </summary>
public sealed class SocketCloseTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly byte[] Ping = RawSocketClient.Frame(9, []);
    private static readonly byte[] Text = RawSocketClient.Frame(1, "{\"type\":\"ping\"}"u8.ToArray());
    private static readonly byte[] ClientClose = RawSocketClient.Frame(8, [3, 232]);

    public static TheoryData<int, byte[]> Reasons() => new()
    {
        { 1002, [0x81, 0x00] },
        { 1002, [0xF1, 0x80, 0, 0, 0, 0] },
        { 1003, RawSocketClient.Frame(2, [1]) },
        { 1007, RawSocketClient.Frame(1, [0xFF]) },
        { 1008, [.. RawSocketClient.Frame(1, [1]), .. RawSocketClient.Frame(1, [2]), .. RawSocketClient.Frame(1, [3])] },
        { 1009, RawSocketClient.Frame(1, new byte[200_000]) },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task The_client_gets_the_close_frame_and_an_orderly_end_each_time(int code, byte[] reason)
    {
        for (var n = 0; n < 30; n++)
        {
            using var client = await RawSocketClient.OpenAsync(server.Client.BaseAddress!);
            await client.SendAsync([.. reason, .. Text, .. Ping]);

            Assert.Equal(code, await client.CloseCodeAsync());
            await EndAsync(client);
        }
    }

    [Fact]
    public async Task A_client_that_gets_events_during_the_close_gets_the_close_frame_too()
    {
        for (var n = 0; n < 30; n++)
        {
            using var client = await RawSocketClient.OpenAsync(server.Client.BaseAddress!);
            await client.SendAsync(RawSocketClient.Frame(1, "{\"type\":\"subscribe\",\"id\":\"a\",\"topics\":[\"many\"]}"u8.ToArray()));
            var publishing = Task.Run(() =>
            {
                for (var seq = 0; seq < 200; seq++)
                {
                    server.Tree.Events.Publish("many", "test", "1"u8.ToArray());
                }
            });
            await client.SendAsync([0x81, 0x00]);

            Assert.Equal(1002, await client.CloseCodeAsync());
            await publishing;
            await EndAsync(client);
        }
    }

    [Fact]
    public async Task A_restart_of_the_web_host_closes_with_1012_while_the_client_sends()
    {
        using var client = await RawSocketClient.OpenAsync(server.Client.BaseAddress!);
        await client.SendAsync(Text);

        Assert.True(server.Tree.Restart("/user/http"));

        Assert.Equal(1012, await client.CloseCodeAsync());
        await EndAsync(client);
        await server.ReadyAsync();
    }

    /// <summary>If the server had closed the connection with the close frame, it would answer the first of these frames with a reset.</summary>
    private static async Task EndAsync(RawSocketClient client)
    {
        await client.SendAsync(Text);
        await client.SendAsync(Ping);
        await client.SendAsync(ClientClose);
        Assert.True(await client.IsClosedAsync());
    }
}
