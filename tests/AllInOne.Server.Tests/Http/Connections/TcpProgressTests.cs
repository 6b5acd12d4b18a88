using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AllInOne.Server.Http.Connections;

namespace AllInOne.Server.Tests.Http.Connections;

public sealed class TcpProgressTests
{
    // The length that Linux has filled since 4.6, with 5 bytes acknowledged and 1 not sent.
    private const int FullLength = 148;

    [Fact]
    public void A_complete_TCP_INFO_gives_the_acknowledged_bytes_while_bytes_wait()
    {
        Assert.Equal(5, TcpProgress.Read(Info(notSent: 1)));
        Assert.Null(TcpProgress.Read(Info(notSent: 0)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(104)]
    [InlineData(FullLength - 1)]
    public void A_shorter_TCP_INFO_gives_no_number(int length) => Assert.Null(TcpProgress.Read(Info(notSent: 1).AsSpan(0, length)));

    [Fact]
    public async Task The_progress_of_a_connection_is_known_if_the_system_reports_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(listener.LocalEndpoint);
        using var server = await listener.AcceptSocketAsync();
        server.Blocking = false;
        var chunk = new byte[65536];
        while (server.Send(chunk, SocketFlags.None, out var error) > 0 && error == SocketError.Success)
        {
        }

        Assert.Equal(TcpProgress.IsKnown, TcpProgress.Of(server) is not null);
    }

    private static byte[] Info(int notSent)
    {
        var info = new byte[FullLength];
        BinaryPrimitives.WriteInt64LittleEndian(info.AsSpan(120), 5);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(144), notSent);
        return info;
    }
}
