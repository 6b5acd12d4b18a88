using System.Net;
using System.Net.Sockets;
using AllInOne.Core.Live;
using Microsoft.AspNetCore.Connections;

namespace AllInOne.Server.Http.Connections;

/// <summary>
/// The TCP connection below a request, with the progress of its client. It is a feature of the connection, so requests find it in
/// their own features. Only <see cref="UnreadAnswers"/> calls <see cref="IsStalled"/>, from one thread at a time; the rest is for any thread.
/// </summary>
internal sealed class WatchedConnection(ConnectionContext connection, Socket socket, TimeProvider clock)
{
    private ClientProgress _progress;
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
    /// if the system does not report it (<see cref="TcpProgress"/>). A vanished client and a client that reads nothing look the same here. The
    /// kernel's own limit (TCP_USER_TIMEOUT) would not say why the connection ended.
    /// </summary>
    public long? Acknowledged
    {
        get
        {
            try
            {
                return TcpProgress.Of(socket);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // The connection has closed already; the request ends by itself.
                return null;
            }
        }
    }

    /// <summary>Whether bytes wait and the client has acknowledged none for <paramref name="limit"/>, as far as earlier calls saw.</summary>
    public bool IsStalled(TimeSpan limit) => _progress.HasStopped(HasOwnRule ? null : Acknowledged, limit, clock);

    /// <summary>Resets the connection. What waits for the client is discarded.</summary>
    public void Abort(string reason) => connection.Abort(new ConnectionAbortedException(reason));
}
