using System.Net.Sockets;
using AllInOne.Core.Live;
using AllInOne.Server.Http;
using Microsoft.AspNetCore.Connections.Features;

namespace AllInOne.Server.Live;

/// <summary>The other end of a live connection: what the transports need of its request alike.</summary>
internal static class LivePeer
{
    // Linux' numbers: IPPROTO_TCP, TCP_INFO, and where in its answer is what (linux/tcp.h, which only ever grows at its end).
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int Unacknowledged = 24;
    private const int BytesAcknowledged = 120;
    private const int NotSent = 144;
    private const int InfoLength = 148;

    public static string Of(HttpContext context) =>
        $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";

    public static Problem TooMany(LiveConnections all) =>
        Problem.Unavailable("Too many live connections are open already.", all.RetryAfter());

    /// <summary>The connection ends when its client has gone.</summary>
    public static CancellationTokenRegistration EndWith(LiveConnection connection, CancellationToken aborted) =>
        aborted.UnsafeRegister(static state => ((LiveConnection)state!).Signal(LiveSignals.Gone), connection);

    /// <summary>The socket below, where there is one; it is read of at any time, unlike the request, which ends.</summary>
    public static Socket? SocketOf(HttpContext context) => context.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <summary>
    /// How many bytes the other end has acknowledged, while more wait in the kernel or are under way; null when there are none, and
    /// elsewhere than on Linux. One that vanished without a word and one that reads nothing look the same here. The kernel's
    /// own limit (TCP_USER_TIMEOUT) would tell nobody why the connection ended.
    /// </summary>
    public static long? Acknowledged(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> info = stackalloc byte[InfoLength];
        try
        {
            if (socket.GetRawSocketOption(Tcp, TcpInfo, info) < InfoLength)
            {
                return null;
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // It has gone already; the request ends by itself.
            return null;
        }

        var acknowledged = BitConverter.ToInt64(info[BytesAcknowledged..]);
        var waiting = BitConverter.ToUInt32(info[Unacknowledged..]) + BitConverter.ToUInt32(info[NotSent..]);
        // No bytes at all: not even the headers, or a kernel that does not count them.
        return waiting > 0 && acknowledged > 0 ? acknowledged : null;
    }
}
