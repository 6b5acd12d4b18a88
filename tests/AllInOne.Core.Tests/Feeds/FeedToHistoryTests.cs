using System.Globalization;
using System.Text;
using AllInOne.Core.Feeds;
using AllInOne.Core.Tests.Feeds.Xml;
using AllInOne.Core.Tests.Live;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Feeds;

public class FeedToHistoryTests
{
    private const int Count = 20_000;
    private const int Entities = 30;

    [Fact]
    public async Task Bytes_become_complete_history_in_order_and_once_whatever_part_restarts()
    {
        await using var home = new LiveAtWork(feeds: new FeedsOptions { Xml = new XmlFeedOptions { Listen = "127.0.0.1:0" } });
        await home.WhenRestored();
        await home.Readiness.WhenReady(FeedsModule.Name).WaitAsync(FeedServer.Patience);

        using var client = await FeedClient.ConnectAsync(home.Feeds.XmlEndPoint);
        var sending = Task.Run(async () =>
        {
            foreach (var packet in new EventText(7).Packets(Events(), 3000))
            {
                await client.SendAsync(packet);
            }

            client.End();
        });
        string[] paths = ["/user/storage/history", "/user/entities", "/user/live/log", "/user/feeds/xml", "/user/entities/sensor.s1", "/user/live", "/user/storage", "/user/feeds"];
        for (var i = 0; !sending.IsCompleted || i < paths.Length; i++)
        {
            var path = paths[i % paths.Length];
            var before = home.Runtime.Find(path)?.Restarts;
            if (home.Runtime.Restart(path))
            {
                await FeedServer.UntilAsync(() => home.Runtime.Find(path) is not { } found || found.Restarts > before || before is null);
            }
        }

        await sending;
        Assert.EndsWith($"<ack events=\"{Count}\"/>\n", await client.ExpectEndAsync(), StringComparison.Ordinal);
        var totals = home.Feeds.Totals;
        Assert.Equal((Count, Count, Count, 0, null), (totals.Events, totals.Elements, totals.Committed, totals.Rejected, totals.LastError));
        for (var entity = 0; entity < Entities; entity++)
        {
            var id = EntityId.Parse(string.Create(CultureInfo.InvariantCulture, $"sensor.s{entity}"));
            var sent = Enumerable.Range(0, Count).Where(i => i % Entities == entity).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
            var page = await home.History.ReadHistoryAsync(id, null, null, Count, null, CancellationToken.None);
            Assert.Equal(sent, page.Items.Select(e => e.State!.Value.Raw));
            Assert.Equal((sent[^1], sent.Count), (home.Entities.Find(id)!.State.Raw, (int)home.Entities.Find(id)!.Version));
        }
    }

    private static byte[] Events()
    {
        var text = new StringBuilder("<feed ack=\"true\"/>");
        for (var i = 0; i < Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<event><sensor id=\"s{i % Entities}\" state=\"{i}\" unit=\"°C\"/></event>");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
