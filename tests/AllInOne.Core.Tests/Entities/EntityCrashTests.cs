using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Storage;
using AllInOne.Core.Tests.Live;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Entities;

public class EntityCrashTests
{
    private static readonly EntityId Hall = LiveAtWork.Id("light.hall");

    [Fact]
    public async Task A_crash_restarts_that_entity_alone_with_its_stored_state()
    {
        await using var home = new LiveAtWork();
        await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), CancellationToken.None);
        await home.Entities.PutAsync(LiveAtWork.Id("light.attic"), LiveAtWork.Replacement("on"), CancellationToken.None);
        var probe = home.Probe();
        home.Entities.Report(Poison("light.hall"), new Receipt(probe.Ref, 1));
        home.Entities.Report(LiveAtWork.Report("light.hall", "off"), new Receipt(probe.Ref, 2));
        Assert.Equal(1, (await probe.ExpectMsgAsync<ReceiptFailed>(Until.Limit)).Tag);
        Assert.Equal([2], (await probe.ExpectMsgAsync<Committed>(Until.Limit)).Tags);
        Assert.Equal(("\"off\"", 2L), (home.Entities.Find(Hall)!.State.Raw, home.Entities.Find(Hall)!.Version));
        Assert.Equal(1, home.Runtime.Find("/user/entities/light.hall")!.Restarts);
        Assert.Equal(0, home.Runtime.Find("/user/entities/light.attic")!.Restarts);
        Assert.Equal(0, home.Runtime.Find("/user/entities")!.Restarts);
    }

    [Fact]
    public async Task An_entity_that_crashes_repeatedly_restarts_each_time_and_its_parent_does_not()
    {
        await using var home = new LiveAtWork();
        var probe = home.Probe();
        for (var i = 0; i < 40; i++)
        {
            home.Entities.Report(Poison("light.hall"), new Receipt(probe.Ref, i));
        }

        home.Entities.Report(LiveAtWork.Report("light.hall", "on"), new Receipt(probe.Ref, 40));
        await probe.FishForMessageAsync<Committed>(_ => true, Until.Limit);
        Assert.Equal("\"on\"", home.Entities.Find(Hall)!.State.Raw);
        Assert.Equal(0, home.Runtime.Find("/user/entities")!.Restarts);
    }

    [Fact]
    public async Task An_entity_whose_only_report_crashed_leaves_no_actor()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var probe = home.Probe();
        home.Entities.Report(Poison("light.hall"), new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<ReceiptFailed>(Until.Limit);
        await Until.TrueAsync(() => home.Runtime.Find("/user/entities")!.Children == 0);
    }

    [Fact]
    public async Task Entities_are_restored_at_the_next_start()
    {
        await using var home = new LiveAtWork();
        var probe = home.Probe();
        for (var i = 0; i < 1200; i++)
        {
            home.Entities.Report(LiveAtWork.Report($"sensor.s{i}", $"{i}"), new Receipt(probe.Ref, i));
        }

        await Acknowledged(probe, 1200);
        await home.Restart();
        await home.WhenRestored();
        Assert.Equal(1200, home.Entities.Count);
        Assert.Equal("777", home.Entities.Find(LiveAtWork.Id("sensor.s777"))!.State.Raw);
        Assert.Empty(home.Readiness.Reasons);
    }

    [Fact]
    public async Task A_report_before_the_restore_is_applied_to_the_stored_state()
    {
        await using var home = new LiveAtWork();
        await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), CancellationToken.None);
        await home.Restart();
        var probe = home.Probe();
        home.Entities.Report(LiveAtWork.Report("light.hall", null, ("brightness", "80")), new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<Committed>(Until.Limit);
        var entity = home.Entities.Find(Hall)!;
        Assert.Equal(("\"on\"", "80", 2L), (entity.State.Raw, entity.Attributes["brightness"].Raw, entity.Version));
    }

    [Fact]
    public async Task An_entity_that_is_stopped_from_outside_starts_again_and_loses_no_report()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var start = home.Events.Head;
        const int Count = 3_000;
        var probe = home.Probe();
        home.Entities.Report(LiveAtWork.Report("light.hall", "1"), new Receipt(probe.Ref, 1));
        await Acknowledged(probe, 1);
        var stops = 0;
        for (var i = 2; i <= Count; i++)
        {
            home.Entities.Report(LiveAtWork.Report("light.hall", $"{i}"), new Receipt(probe.Ref, i));
            if (i % 500 == 250 && home.Runtime.Stop("/user/entities/light.hall"))
            {
                stops++;
            }
        }

        Assert.True(stops > 0);
        await Acknowledged(probe, Count - 1);
        Assert.Equal($"{Count}", home.Entities.Find(Hall)!.State.Raw);
        await AssertEveryVersionOnce(home, start, "light.hall", Count);
    }

    [Theory]
    [InlineData("/user/entities")]
    [InlineData("/user/live")]
    [InlineData("/user/live/log")]
    [InlineData("/user/storage")]
    [InlineData("/user/storage/history")]
    public async Task A_restart_under_load_loses_nothing_and_keeps_the_order_of_each_entity(string path)
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var start = home.Events.Head;
        const int Rounds = 400;
        const int Entities = 25;
        var probe = home.Probe();
        for (var i = 1; i <= Rounds; i++)
        {
            for (var e = 0; e < Entities; e++)
            {
                home.Entities.Report(LiveAtWork.Report($"sensor.s{e}", $"{i}"), new Receipt(probe.Ref, ((i - 1) * Entities) + e + 1));
            }

            if (i % 100 == 50)
            {
                Assert.True(home.Runtime.Restart(path));
            }
        }

        await Acknowledged(probe, Rounds * Entities);
        for (var e = 0; e < Entities; e++)
        {
            Assert.Equal($"{Rounds}", home.Entities.Find(LiveAtWork.Id($"sensor.s{e}"))!.State.Raw);
            await AssertEveryVersionOnce(home, start, $"sensor.s{e}", Rounds);
        }
    }

    [Fact]
    public async Task A_restart_of_one_entity_under_load_loses_nothing()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var start = home.Events.Head;
        const int Count = 3_000;
        var probe = home.Probe();
        for (var i = 1; i <= Count; i++)
        {
            home.Entities.Report(LiveAtWork.Report("light.hall", $"{i}"), new Receipt(probe.Ref, i));
            if (i % 500 == 250)
            {
                home.Runtime.Restart("/user/entities/light.hall");
            }
        }

        await Acknowledged(probe, Count);
        await AssertEveryVersionOnce(home, start, "light.hall", Count);
    }

    /// <summary>A report on which every entity fails: its attributes are missing.</summary>
    private static EntityReport Poison(string id) => LiveAtWork.Report(id, null) with { Attributes = null! };

    private static async Task Acknowledged(TestProbe probe, int count)
    {
        var seen = new HashSet<long>();
        while (seen.Count < count)
        {
            var message = await probe.ExpectMsgAsync<object>(Until.Limit);
            foreach (var tag in Assert.IsType<Committed>(message).Tags)
            {
                Assert.True(seen.Add(tag), $"{tag} was acknowledged twice");
            }
        }
    }

    private static async Task AssertEveryVersionOnce(LiveAtWork home, long since, string id, int count)
    {
        var states = new List<string>();
        var history = new List<(long Seq, long Version)>();
        while (since < home.Events.Head)
        {
            var page = await home.Read(since, limit: 5000, topics: $"entities/{id}");
            Assert.False(page.Reset);
            states.AddRange(page.Events.Select(e => EntitySnapshot.Parse(e.Data).State.Raw));
            since = page.Next;
        }

        Assert.Equal(Enumerable.Range(1, count).Select(i => $"{i}"), states);
        for (string? cursor = null; ;)
        {
            var page = await home.History.ReadHistoryAsync(LiveAtWork.Id(id), null, null, 1000, cursor, CancellationToken.None);
            history.AddRange(page.Items.Select(item => (item.Seq, item.Version)));
            if ((cursor = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), history.OrderBy(item => item.Seq).Select(item => item.Version));
    }
}
