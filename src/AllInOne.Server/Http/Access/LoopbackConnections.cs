using System.Net;
using Microsoft.AspNetCore.Connections;

namespace AllInOne.Server.Http.Access;

/// <summary>
/// The connection middleware that closes each connection to an address that is not a loopback address, before it is read. While <c>Auth:Mode</c> is
/// <c>none</c>, this is a second safeguard besides the check of the configuration.
/// </summary>
internal sealed partial class LoopbackConnections(ConnectionDelegate next, RequestFigures figures, ILogger log)
{
    public Task OnConnectionAsync(ConnectionContext connection)
    {
        if (connection.LocalEndPoint is IPEndPoint local && IPAddress.IsLoopback(local.Address))
        {
            return next(connection);
        }

        figures.ConnectionRefused();
        LogRefused(log, connection.RemoteEndPoint, connection.LocalEndPoint);
        connection.Abort(new ConnectionAbortedException("The connection did not come to a loopback address."));
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection from {Peer} to {Local} is refused: without users only loopback addresses are served")]
    private static partial void LogRefused(ILogger log, EndPoint? peer, EndPoint? local);
}
