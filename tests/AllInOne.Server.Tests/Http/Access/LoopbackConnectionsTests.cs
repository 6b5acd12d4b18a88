using System.Net;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Access;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Server.Tests.Http.Access;

public sealed class LoopbackConnectionsTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.10", true)]
    [InlineData("::1", true)]
    [InlineData("192.168.1.2", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::", false)]
    public async Task A_connection_that_came_to_another_address_is_closed_and_counted(string local, bool served)
    {
        var figures = new RequestFigures();
        var began = false;
        var guard = new LoopbackConnections(
            _ =>
            {
                began = true;
                return Task.CompletedTask;
            },
            figures, NullLogger.Instance);
        var connection = new DefaultConnectionContext { LocalEndPoint = new IPEndPoint(IPAddress.Parse(local), 5000) };
        var closed = new TaskCompletionSource();
        using var registration = connection.ConnectionClosed.Register(closed.SetResult);

        await guard.OnConnectionAsync(connection);

        Assert.Equal(served, began);
        Assert.Equal(served ? 0 : 1, figures.RefusedConnections);
        if (!served)
        {
            await closed.Task.WaitAsync(Until.Limit);
        }

        Assert.Equal(!served, closed.Task.IsCompleted);
    }
}
