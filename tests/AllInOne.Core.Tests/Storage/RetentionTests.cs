using AllInOne.Core.Storage.History;

namespace AllInOne.Core.Tests.Storage;

public sealed class RetentionTests
{
    [Fact]
    public async Task What_is_too_old_goes_in_small_batches_and_the_floor_tells()
    {
        await using var storage = new StorageAtWork();
        Fill(storage, 50);
        var swept = await Sweep(storage, olderThan: 31, most: 20);
        Assert.Equal(new SweepHistory.Swept(20, true), swept);
        Assert.Equal(20, storage.Store.Floor);

        Assert.Equal(new SweepHistory.Swept(10, false), await Sweep(storage, olderThan: 31, most: 20));

        Assert.Equal(30, storage.Store.Floor);
        Assert.Equal(Enumerable.Range(31, 20).Select(n => (long)n), (await storage.Events()).Select(e => e.Seq));
        Assert.Equal(Enumerable.Range(31, 20).Select(n => (long)n), (await History(storage)).Items.Select(e => e.Seq));
        Assert.NotNull(storage.Stored("sensor.a"));
        using var session = storage.Store.Writer.File.OpenReader();
        Assert.Equal([10L], session["SELECT count(*) FROM history"].Rows(row => row.Int64(0)));
    }

    [Fact]
    public async Task Floor_and_newest_seq_are_known_at_the_next_start_though_all_is_old()
    {
        await using var storage = new StorageAtWork();
        Fill(storage, 50);

        Assert.Equal(new SweepHistory.Swept(49, false), await Sweep(storage, olderThan: 1000, most: 100));
        storage.Reopen();

        Assert.Equal((50, 49), (storage.Store.LastStoredSeq, storage.Store.Floor));
    }

    [Fact]
    public async Task Event_of_a_wrong_clock_does_not_keep_what_came_after_it()
    {
        await using var storage = new StorageAtWork();
        storage.Store.Append(StorageAtWork.Event(1, "sensor.a", 1, time: DateTimeOffset.UnixEpoch.AddYears(90)), null, default);
        storage.Append(2, "sensor.a", 2);
        storage.Append(3, "sensor.a", 3);
        storage.WriteHere();

        await Sweep(storage, olderThan: 3, most: 10);

        Assert.Equal([3L], (await storage.Events()).Select(e => e.Seq));
    }

    [Fact]
    public async Task Actor_deletes_what_is_older_than_the_option_says_and_looks_again()
    {
        var now = DateTimeOffset.UnixEpoch.AddSeconds(100);
        var clock = new SettableClock(now);
        await using var storage = new StorageAtWork(
            clock: clock,
            history: new HistoryOptions { Retention = TimeSpan.FromSeconds(60), SweepRows = 7, SweepInterval = TimeSpan.FromMilliseconds(10) });
        Fill(storage, 90);
        storage.Started();

        await Until.TrueAsync(() => storage.Store.Floor == 39);
        clock.Now = now.AddSeconds(20);
        await Until.TrueAsync(() => storage.Store.Floor == 59);

        await storage.Settled();
        Assert.Equal(60, (await storage.Events())[0].Seq);
        Assert.Equal(0, storage.Store.Figures.Faults);
    }

    [Fact]
    public async Task Zero_keeps_everything()
    {
        await using var storage = new StorageAtWork(history: new HistoryOptions { Retention = TimeSpan.Zero });
        Fill(storage, 10);
        storage.Started();
        await storage.Settled();

        Assert.Equal((10, 0), ((await storage.Events()).Count, storage.Store.Floor));
    }

    [Fact]
    public void Every_wrong_value_is_named()
    {
        var problems = new HistoryOptions { Retention = TimeSpan.FromDays(-1), SweepInterval = TimeSpan.Zero, SweepRows = 0 }.Validate();

        Assert.Equal(["History:Retention", "History:SweepInterval", "History:SweepRows"], problems.Select(p => p.Split(' ')[0]));
        Assert.Empty(new HistoryOptions().Validate());
    }

    // 40 of 50 indexed, the rest not: both parts are swept.
    private static void Fill(StorageAtWork storage, int count)
    {
        for (var seq = 1; seq <= count; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
            if (seq == 40)
            {
                storage.Enqueue(new IndexHistory());
            }
        }

        storage.WriteHere();
    }

    private static async Task<SweepHistory.Swept> Sweep(StorageAtWork storage, int olderThan, int most)
    {
        var probe = storage.Probe();
        storage.Store.Sweep(DateTimeOffset.UnixEpoch.AddSeconds(olderThan), most, probe.Ref);
        storage.WriteHere();
        return await probe.ExpectMsgAsync<SweepHistory.Swept>(StorageAtWork.Patience);
    }

    private static Task<HistoryPage> History(StorageAtWork storage) =>
        storage.Store.ReadHistoryAsync(StorageAtWork.Id("sensor.a"), null, null, 100, null, CancellationToken.None);

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
