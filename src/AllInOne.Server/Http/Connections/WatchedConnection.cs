using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace AllInOne.Server.Http.Connections;

/// <summary>
/// The TCP connection below a request, with the progress of its client. It is a feature of the connection, so requests find it in
/// their own features. Only <see cref="UnreadAnswers"/> calls <see cref="TakesNothing"/>, from one thread at a time; the rest is for any thread.
/// </summary>
internal sealed class WatchedConnection(ConnectionContext connection, Socket socket, TimeProvider clock)
{
    // Linux' numbers: IPPROTO_TCP, TCP_INFO, and the offsets of its fields (linux/tcp.h, which only ever grows at its end).
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int Unacknowledged = 24;
    private const int BytesAcknowledged = 120;
    private const int NotSent = 144;
    private const int InfoLength = 148;

    private long? _acknowledged;
    private long _unmoved;
    private volatile bool _hasOwnRule;

    public EndPoint? Peer => connection.RemoteEndPoint;

    /// <summary>Whether the request has a rule of its own for clients that read nothing, as live connections have.</summary>
    public bool HasOwnRule
    {
        get => _hasOwnRule;
        set => _hasOwnRule = value;
    }

    /// <summary>
    /// How many bytes the client has acknowledged, while more bytes wait in the kernel or are under way; null when no bytes wait, and
    /// elsewhere than on Linux. A client that vanished and a client that reads nothing look the same here. The kernel's
    /// own limit (TCP_USER_TIMEOUT) would not say why the connection ended.
    /// </summary>
    public long? Acknowledged
    {
        get
        {
            if (!OperatingSystem.IsLinux())
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
                // The connection has closed already; the request ends by itself.
                return null;
            }

            // A kernel that answers up to NotSent counts acknowledged bytes: zero means that not even the headers arrived.
            var isWaiting = (BitConverter.ToUInt32(info[Unacknowledged..]) | BitConverter.ToUInt32(info[NotSent..])) != 0;
            return isWaiting ? BitConverter.ToInt64(info[BytesAcknowledged..]) : null;
        }
    }

    /// <summary>Whether bytes wait and the client has acknowledged none for <paramref name="limit"/>, as far as earlier calls saw.</summary>
    public bool TakesNothing(TimeSpan limit)
    {
        var acknowledged = HasOwnRule ? null : Acknowledged;
        if (acknowledged is null || acknowledged != _acknowledged)
        {
            (_acknowledged, _unmoved) = (acknowledged, clock.GetTimestamp());
            return false;
        }

        return clock.GetElapsedTime(_unmoved) >= limit;
    }

    /// <summary>Resets the connection. What waits for the client is discarded.</summary>
    public void Abort(string reason) => connection.Abort(new ConnectionAbortedException(reason));
}
