using System.Globalization;
using System.Text;
using AllInOne.Core.Feeds;
using AllInOne.Core.Tests.Feeds.Xml;

namespace AllInOne.Core.Tests.Feeds;

public class XmlFeedLoadTests
{
    private const string Ack = "<feed ack=\"true\"/>";

    [Fact]
    public async Task A_feed_whose_events_are_not_committed_is_not_read_and_its_client_must_wait()
    {
        await using var server = await FeedServer.StartAsync(new XmlFeedOptions { MaxInFlight = 500, ReadBytes = 4096 });
        server.Store.CommitsAtOnce = false;
        using var client = await server.ConnectAsync();
        client.Socket.SendBufferSize = 4096;
        // Far more than the buffers of both systems can hold.
        const int Count = 400_000;
        var sending = Task.Run(async () =>
        {
            await client.SendAsync(Ack);
            await client.SendAsync(Numbered(0, Count));
            client.End();
        });
        await server.Store.WaitForReportsAsync(500);
        await FeedServer.UntilAsync(() => server.Directory.Connections is [{ Status: "waiting" }]);
        Assert.InRange(server.Store.Reports.Count, 500, 500 + 4096);
        Assert.InRange(server.Directory.Connections[0].InFlight, 500, 500 + 4096);
        Assert.False(sending.IsCompleted);

        server.Store.CommitsAtOnce = true;
        server.Store.Commit();
        await sending.WaitAsync(FeedServer.Patience);
        Assert.Equal(Count, (await client.ExpectAckAsync(Count))[^1]);
        AssertNumbered(server, Count);
    }

    [Fact]
    public async Task A_connection_that_handles_the_bytes_it_has_read_is_open_and_not_waiting()
    {
        await using var server = await FeedServer.StartAsync();
        var seen = new List<string>();
        server.Store.Reported = () => seen.AddRange(server.Directory.Connections.Select(connection => connection.Status));
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack);
        await client.SendAsync(Numbered(0, 10));
        await client.ExpectAckAsync(10);
        Assert.Equal(Enumerable.Repeat("open", 10), seen);
    }

    [Fact]
    public async Task While_storage_has_no_room_nothing_is_read()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.HasRoom = false;
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack + "<event><a id='1'/></event>");
        await FeedServer.UntilAsync(() => server.Directory.Connections is [{ Status: "waiting" }]);
        Assert.Empty(server.Store.Reports);
        server.Store.HasRoom = true;
        await client.ExpectAckAsync(1);
    }

    [Fact]
    public async Task A_connection_that_fills_the_common_budget_leaves_each_other_connection_one_read()
    {
        await using var server = await FeedServer.StartAsync(new XmlFeedOptions { MaxInFlight = 50, MaxInFlightTotal = 50 });
        server.Store.CommitsAtOnce = false;
        using var first = await server.ConnectAsync();
        await first.SendAsync(Numbered(0, 50));
        await FeedServer.UntilAsync(() => server.Directory.Connections is [{ Status: "waiting", InFlight: 50 }]);
        using var second = await server.ConnectAsync();
        await second.SendAsync("<event><b id='1'/></event>");
        await FeedServer.UntilAsync(() => server.Directory.Connections is [_, { Status: "waiting", InFlight: 1 }]);
        server.Store.Commit();
        await FeedServer.UntilAsync(() => server.Directory.Connections is [{ Status: "open" }, { Status: "open" }]);
    }

    [Fact]
    public async Task Acknowledgements_that_the_client_does_not_read_delay_nothing()
    {
        await using var server = await FeedServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack);
        for (var i = 0; i < 2000; i++)
        {
            await client.SendAsync(Numbered(i, 1));
        }

        await server.Store.WaitForReportsAsync(2000);
        client.End();
        var acks = await client.ExpectAckAsync(2000);
        Assert.Equal(acks.Order(), acks);
        Assert.Equal("", (await client.ExpectEndAsync()).Trim());
    }

    [Fact]
    public async Task Restarts_of_every_actor_of_a_feed_lose_nothing_repeat_nothing_and_keep_the_order()
    {
        await using var server = await FeedServer.StartAsync(new XmlFeedOptions { MaxInFlight = 1000 });
        using var client = await server.ConnectAsync();
        const int Count = 30_000;
        await client.SendAsync(Ack);
        await FeedServer.UntilAsync(() => server.Directory.Connections.Count == 1);
        var sending = Task.Run(async () =>
        {
            foreach (var packet in new EventText(1).Packets(Numbered(0, Count), 20_000))
            {
                await client.SendAsync(packet);
            }

            client.End();
        });
        string[] paths = ["/user/feeds/xml/1", "/user/feeds/xml", "/user/feeds"];
        for (var restarts = 0; !sending.IsCompleted || restarts < 3; restarts++)
        {
            var path = paths[restarts % 3];
            var before = server.Restarts(path);
            if (server.Directory.Connections.Count == 0)
            {
                break;
            }

            server.Restart(path);
            await FeedServer.UntilAsync(() => server.Restarts(path) > before || server.Directory.Connections.Count == 0);
        }

        await sending;
        var acks = await client.ExpectAckAsync(Count);
        Assert.Equal(acks.Order(), acks);
        Assert.Equal("", (await client.ExpectEndAsync()).Trim());
        AssertNumbered(server, Count);
        Assert.True(server.Restarts("/user/feeds") > 0);
        var totals = server.Directory.Totals;
        Assert.Equal((Count, Count, Count, 0), (totals.Events, totals.Elements, totals.Committed, totals.Rejected));
    }

    [Fact]
    public async Task A_connection_that_crashes_continues_with_its_current_report()
    {
        await using var server = await FeedServer.StartAsync();
        server.Store.FailsAt = [3, 4, 17];
        using var client = await server.ConnectAsync();
        await client.SendAsync(Ack);
        await client.SendAsync(Numbered(0, 20));
        await client.ExpectAckAsync(20);
        AssertNumbered(server, 20);
        Assert.Equal(3, server.Restarts("/user/feeds/xml/1"));
    }

    [Fact]
    public async Task A_connection_that_keeps_crashing_is_closed_and_no_other()
    {
        await using var server = await FeedServer.StartAsync();
        using var other = await server.ConnectAsync();
        await other.SendAsync(Ack + "<event/>");
        await other.ExpectAckAsync(1);
        server.Store.FailsAt = [.. Enumerable.Repeat(1, 100)];
        using var client = await server.ConnectAsync();
        await client.SendAsync(Numbered(0, 2));
        await client.ExpectResetAsync();
        server.Store.FailsAt = [];
        await other.SendAsync("<event><b id='1'/></event>");
        await other.ExpectAckAsync(2);
    }

    private static byte[] Numbered(int first, int count)
    {
        var text = new StringBuilder();
        for (var i = first; i < first + count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<event><a id='1' state='{i}'/></event>");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AssertNumbered(FeedServer server, int count) =>
        Assert.Equal(Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)), server.Store.Reports.Select(r => r.State!.Value.Raw));
}
