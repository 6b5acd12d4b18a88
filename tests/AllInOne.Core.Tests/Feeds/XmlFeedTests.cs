using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AllInOne.Core.Feeds;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Feeds;

public class XmlFeedTests
{
    private const string Ack = "<feed ack=\"true\"/>";

    [Fact]
    public async Task Events_become_reports_in_order_and_are_counted()
    {
        await using var server = await FeedServer.StartAsync();
        using var client = await server.ConnectAsync();
        var text = Ack + "<event><a id='1' state='ü'/><b/><c id='2'/></event> junk <event><x></event><event><a id='3'/></event>";
        await client.SendAsync(text);
        await client.ExpectAckAsync(3);
        Assert.Equal(["a.1", "c.2", "a.3"], server.Store.Ids);
        var connection = Assert.Single(server.Directory.Connections);
        Assert.Equal((1, "open", true, Encoding.UTF8.GetByteCount(text)), (connection.Id, connection.Status, connection.Acknowledge, connection.Bytes));
        Assert.Equal((3, 3, 3, 3, 0), (connection.Events, connection.Elements, connection.Rejected, connection.Committed, connection.InFlight));
        Assert.Equal(("the event is not well-formed", client.Socket.LocalEndPoint!.ToString()), (connection.LastError, connection.Peer));
    }

    [Fact]
    public async Task Single_bytes_become_the_same_reports()
    {
        await using var server = await FeedServer.StartAsync();
        using var client = await server.ConnectAsync();
        foreach (var b in Encoding.UTF8.GetBytes("\uFEFF<?xml version='1.0'?>" + Ack + "<event><a id='1' state='日本'/></event><event><a id='2'/></event>"))
        {
            await client.SendAsync(new[] { b });
        }

        await client.ExpectAckAsync(2);
        Assert.Equal(["a.1", "a.2"], server.Store.Ids);
        Assert.Equal("\"日本\"", server.Store.Reports[0].State!.Value.Raw);
    }

    [Fact]
    public async Task An_event_is_acknowledged_after_the_commit_and_not_before()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack + "<event/><event><a id='1'/><a id='2'/></event><event><x></event><event><a id='3'/></event>");
        Assert.Equal([1], await client.ExpectAckAsync(1));
        await server.Store.WaitForReportsAsync(3);
        server.Store.Commit();
        Assert.Equal(4, (await client.ExpectAckAsync(4))[^1]);
    }

    [Fact]
    public async Task A_refused_report_counts_as_rejected_and_delays_nothing()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack + "<event><a id='1'/><a id='2'/></event>");
        await server.Store.WaitForReportsAsync(2);
        server.Store.Commit(receipt => receipt.Tag == 0 ? new ReceiptFailed(0, "it crashed") : new Committed([receipt.Tag]));
        await client.ExpectAckAsync(1);
        var connection = Assert.Single(server.Directory.Connections);
        Assert.Equal((1, 1, "it crashed"), (connection.Rejected, connection.Committed, connection.LastError));
    }

    [Fact]
    public async Task Without_a_hello_the_server_sends_nothing()
    {
        await using var server = await FeedServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync("<event><a id='1'/></event>");
        client.End();
        Assert.Equal("", await client.ExpectEndAsync());
        Assert.Equal(["a.1"], server.Store.Ids);
    }

    [Fact]
    public async Task After_the_half_close_the_server_closes_when_all_is_committed()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack + "<event><a id='1'/></event><event><a id='2'/></event><event><a id='3'/>");
        client.End();
        await server.Store.WaitForReportsAsync(2);
        await FeedServer.UntilAsync(() => server.Directory.Connections is [{ Status: "ending" }]);
        var end = client.ExpectEndAsync();
        Assert.False(end.IsCompleted);
        server.Store.Commit();
        Assert.EndsWith("<ack events=\"3\"/>\n", await end, StringComparison.Ordinal);
        await FeedServer.UntilAsync(() => server.Directory.Connections.Count == 0);
        Assert.Equal((0, 1, 3, 2, 1, 2), Figures(server.Directory.Totals));
    }

    [Fact]
    public async Task A_wrong_token_closes_the_connection_and_applies_nothing()
    {
        await using var server = await FeedServer.StartAsync(new XmlFeedOptions { Token = "secret" });
        foreach (var start in new[] { "", "<feed/>", "<feed token='wrong'/>" })
        {
            using var stranger = await server.ConnectAsync();
            await stranger.SendAsync(start + "<event><a id='1'/></event>");
            await stranger.ExpectResetAsync();
        }

        using var friend = await server.ConnectAsync();
        await friend.SendAsync("<feed token='secret' ack='true'/><event><a id='2'/></event>");
        await friend.ExpectAckAsync(1);
        Assert.Equal(["a.2"], server.Store.Ids);
        Assert.Equal(3, server.Directory.Totals.Refused);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_at_once()
    {
        await using var server = await FeedServer.StartAsync(new XmlFeedOptions { MaxConnections = 1 });
        using var first = await server.ConnectAsync();
        await first.SendAsync(Ack + "<event/>");
        await first.ExpectAckAsync(1);
        using (var second = await server.ConnectAsync())
        {
            Assert.Equal("", await second.ExpectEndAsync());
        }

        Assert.Equal(1, server.Directory.Totals.Refused);
        first.End();
        await first.ExpectEndAsync();
        await FeedServer.UntilAsync(() => server.Directory.Connections.Count == 0);
        using var third = await server.ConnectAsync();
        await third.SendAsync(Ack + "<event/>");
        await third.ExpectAckAsync(1);
    }

    [Fact]
    public async Task A_connection_on_which_nothing_comes_is_closed()
    {
        await using var server = await FeedServer.StartAsync(new XmlFeedOptions { IdleTimeout = TimeSpan.FromMilliseconds(50) });
        using var client = await server.ConnectAsync();
        await client.ExpectEndAsync();
        Assert.StartsWith("nothing came for", server.Directory.Totals.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_vanishes_costs_only_its_unfinished_event()
    {
        await using var server = await FeedServer.StartAsync();
        using (var client = await server.ConnectAsync())
        {
            await client.SendAsync("<event><a id='1'/></event><event><a id='2'/>");
            await server.Store.WaitForReportsAsync(1);
            client.Socket.LingerState = new LingerOption(true, 0);
        }

        await FeedServer.UntilAsync(() => server.Directory.Connections.Count == 0);
        Assert.Equal((0, 1, 1, 1, 0, 1), Figures(server.Directory.Totals));
    }

    [Fact]
    public async Task Clients_that_disconnect_at_once_harm_no_other_client()
    {
        await using var server = await FeedServer.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            using var client = await server.ConnectAsync();
            client.Socket.LingerState = new LingerOption(true, 0);
        }

        using var patient = await server.ConnectAsync();
        await patient.SendAsync(Ack + "<event/>");
        await patient.ExpectAckAsync(1);
        await FeedServer.UntilAsync(() => server.Directory.Connections.Count == 1);
        Assert.Equal(0, server.Restarts("/user/feeds/xml"));
    }

    [Fact]
    public async Task Many_connections_keep_their_own_order()
    {
        await using var server = await FeedServer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async n =>
        {
            using var client = await server.ConnectAsync();
            await client.SendAsync(Ack);
            for (var i = 0; i < 20; i++)
            {
                await client.SendAsync(string.Create(CultureInfo.InvariantCulture, $"<event><a id='{n}' state='{i}'/></event>"));
            }

            client.End();
            Assert.EndsWith("<ack events=\"20\"/>\n", await client.ExpectEndAsync(), StringComparison.Ordinal);
        }));
        Assert.All(server.Store.Reports.GroupBy(r => r.Id), g =>
            Assert.Equal(Enumerable.Range(0, 20), g.Select(r => int.Parse(r.State!.Value.Raw, CultureInfo.InvariantCulture))));
        Assert.Equal((50, 1000, 1000), (server.Directory.Totals.Accepted, server.Directory.Totals.Events, server.Directory.Totals.Committed));
    }

    [Fact]
    public async Task A_port_that_is_not_available_is_reported_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = other.LocalEndpoint.ToString()!;
        var failure = await Assert.ThrowsAsync<FeedListenException>(() => FeedServer.StartAsync(new XmlFeedOptions { Listen = taken }));
        Assert.Equal($"Feeds:Xml:Listen: the feed cannot listen on {taken}: the port is in use", failure.Message);
    }

    private static (int Open, long Accepted, long Events, long Elements, long Rejected, long Committed) Figures(FeedTotals totals) =>
        (totals.Open, totals.Accepted, totals.Events, totals.Elements, totals.Rejected, totals.Committed);
}
