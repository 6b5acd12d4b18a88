using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Tests.Storage;

namespace AllInOne.Core.Tests.Live;

/// <summary>
/// History is so far behind that events find no room in its queue. Live clients got these events, but no client can read them later.
/// </summary>
public sealed class HistoryGapTests
{
    private const int Shown = 300;

    [Fact]
    public async Task A_reader_behind_the_ring_is_reset_after_lost_history_also_in_the_next_run()
    {
        await using var home = new LiveAtWork(new LiveOptions { RingSize = 64 }, storage: new StorageOptions { QueueRows = 10 });
        await home.WhenRestored();
        home.Publish("t", "0");
        await home.Settled();
        var start = home.Events.Head;
        await FallBehindAsync(home);

        Assert.True((await home.Read(start)).Reset);
        var live = await home.Read(home.Events.Head - 20);
        Assert.Equal((20, false), (live.Events.Count, live.Reset));
        Assert.True(home.History.Figures.Refused > 100, home.History.Figures.ToString());

        var head = home.Events.Head;
        home.Publish("t", "last");
        await home.Settled();
        await home.Restart();
        Assert.True((await home.Read(start)).Reset);
        var next = await home.Read(head);
        Assert.Equal((1, false), (next.Events.Count, next.Reset));
    }

    [Fact]
    public async Task Events_that_found_no_room_while_a_gap_was_recorded_are_recorded_too()
    {
        await using var home = new LiveAtWork(new LiveOptions { RingSize = 64 }, storage: new StorageOptions { QueueRows = 10 });
        await home.WhenRestored();
        for (var round = 0; round < 5; round++)
        {
            await FallBehindAsync(home);
        }

        var floor = home.History.Floor;
        await home.Restart();

        Assert.True(home.History.Floor >= floor, $"{home.History.Floor} < {floor}");
    }

    private static async Task FallBehindAsync(LiveAtWork home)
    {
        using var held = new HeldCommit();
        home.History.Writer.Queue.Enqueue(held);
        await held.Begun;
        var before = home.Events.Published;
        for (var n = 1; n <= Shown; n++)
        {
            home.Publish("t", $"{n}");
        }

        await Until.TrueAsync(() => home.Events.Published == before + Shown);
        held.Release();
        await Until.TrueAsync(() => home.History.Figures.QueueRows == 0);
    }
}
