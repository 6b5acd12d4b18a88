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
        using var client = await RawSocketClient.OpenAsync(server.Client.BaseAddress!);
        // A masked frame comes first: the position of the next header is calculated from its length.
        await client.SendAsync([0x8A, 0x83, 1, 2, 3, 4, 5, 6, 7]);

        await client.SendAsync(Unmasked(kind switch { "text" => 0x81, "ping" => 0x89, _ => 0x88 }, length));

        Assert.Equal(1002, await client.CloseCodeAsync());
    }

    [Fact]
    public async Task An_unmasked_frame_whose_bytes_come_one_by_one_is_answered_with_1002()
    {
        using var client = await RawSocketClient.OpenAsync(server.Client.BaseAddress!);

        await client.SendAsync([0x81]);
        await client.SendAsync([0x00]);

        Assert.Equal(1002, await client.CloseCodeAsync());
    }

    private static byte[] Unmasked(byte kind, int length) =>
    [
        kind,
        .. length < 126 ? [(byte)length] : length < 65_536 ? new byte[] { 126, (byte)(length >> 8), (byte)length } : [127, 0, 0, 0, 0, 0, (byte)(length >> 16), (byte)(length >> 8), (byte)length],
        .. new byte[Math.Min(length, 10)],
    ];
}
