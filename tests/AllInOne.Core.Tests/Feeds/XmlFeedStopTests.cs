using Akka.Actor;
using AllInOne.Core.Feeds;

namespace AllInOne.Core.Tests.Feeds;

public class XmlFeedStopTests
{
    private const string Ack = "<feed ack=\"true\"/>";

    [Fact]
    public async Task Stopping_takes_no_more_and_finishes_what_was_received()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack + "<event><a id='1'/></event><event><a");
        await server.Store.WaitForReportsAsync(1);
        var stopping = server.StopAsync();
        await FeedServer.UntilAsync(() => server.Directory is { ListenProblem: not null, Connections: [{ Status: "ending" }] });
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(server.ConnectAsync);
        Assert.False(stopping.IsCompleted);
        server.Store.Commit();
        Assert.Equal("<ack events=\"1\"/>\n", await client.ExpectEndAsync());
        await stopping;
        // An event that the stop cuts off is not counted as broken.
        Assert.Equal((1, 0), (server.Directory.Totals.Events, server.Directory.Totals.Rejected));
    }

    [Fact]
    public async Task Stopping_waits_no_longer_than_its_deadline_and_then_closes_the_connections()
    {
        await using var server = await FeedServer.StartAsync(new XmlFeedOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync("<event><a id='1'/></event>");
        await server.Store.WaitForReportsAsync(1);
        await server.StopAsync();
        await client.ExpectResetAsync();
    }

    [Fact]
    public async Task After_a_restart_the_stop_continues()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack + "<event><a id='1'/></event>");
        await server.Store.WaitForReportsAsync(1);
        var stopping = server.StopAsync();
        await FeedServer.UntilAsync(() => server.Directory.Connections is [{ Status: "ending" }]);
        server.Restart("/user/feeds");
        await FeedServer.UntilAsync(() => server.Restarts("/user/feeds/xml/1") == 1);
        server.Store.Commit();
        await client.ExpectEndAsync();
        await stopping;
    }

    [Fact]
    public async Task A_connection_whose_actor_is_stopped_is_reset_so_that_its_client_does_not_take_the_close_for_a_commit()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync("<event><a id='1'/></event>");
        await server.Store.WaitForReportsAsync(1);
        client.End();
        server.System.ActorSelection("/user/feeds/xml/1").Tell(PoisonPill.Instance);
        await client.ExpectResetAsync();
        await FeedServer.UntilAsync(() => server.Directory.Connections.Count == 0);
    }

    [Fact]
    public async Task A_listener_that_stops_is_started_again_on_its_port()
    {
        await using var server = await FeedServer.StartAsync();
        var port = server.Directory.XmlEndPoint;
        using (var client = await server.ConnectAsync())
        {
            // Without acknowledgements: if the client got one before the server knew that it was sent, the connection would be reset.
            await client.SendAsync("<event/>");
            await FeedServer.UntilAsync(() => server.Directory.Totals.Events == 1);
            server.System.ActorSelection("/user/feeds/xml").Tell(PoisonPill.Instance);
            await client.ExpectEndAsync();
        }

        await FeedServer.UntilAsync(() => server.Readiness.Reasons.Count == 0 && server.Directory is { ListenProblem: null, Connections.Count: 0 });
        Assert.Equal(port, server.Directory.XmlEndPoint);
        Assert.Empty(server.Readiness.Reasons);
        using var again = await server.ConnectAsync();
        await again.SendAsync(Ack + "<event/>");
        await again.ExpectAckAsync(1);
        Assert.Equal((1, 2), (server.Directory.Connections.Count, server.Directory.Totals.Accepted));
    }
}
