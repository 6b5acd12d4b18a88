using AllInOne.Core.Events.History;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Tests.Storage.History;

public sealed class RetentionTests
{
    [Fact]
    public async Task Old_events_are_deleted_in_small_batches_and_the_floor_rises()
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
    public async Task Floor_and_newest_seq_are_known_at_the_next_start_although_all_events_are_old()
    {
        await using var storage = new StorageAtWork();
        Fill(storage, 50);

        Assert.Equal(new SweepHistory.Swept(49, false), await Sweep(storage, olderThan: 1000, most: 100));
        storage.Reopen();

        Assert.Equal((50, 49), (storage.Store.LastStoredSeq, storage.Store.Floor));
    }

    [Fact]
    public async Task Event_of_a_wrong_clock_does_not_protect_later_events_from_deletion()
    {
        await using var storage = new StorageAtWork();
        storage.Append(1, "sensor.a", 1, time: DateTimeOffset.UnixEpoch.AddYears(90));
        storage.Append(2, "sensor.a", 2);
        storage.Append(3, "sensor.a", 3);
        storage.WriteHere();

        await Sweep(storage, olderThan: 3, most: 10);

        Assert.Equal([3L], (await storage.Events()).Select(e => e.Seq));
    }

    [Fact]
    public async Task Job_deletes_events_older_than_the_option_says_and_zero_keeps_all()
    {
        var clock = new FakeClock(DateTimeOffset.UnixEpoch.AddSeconds(100));
        await using var storage = new StorageAtWork(clock: clock);
        Fill(storage, 90);
        storage.Started();
        var options = new HistoryOptions { Retention = TimeSpan.Zero, SweepRows = 7 };
        var action = new RetentionAction(storage.Main, storage.Store, options, new JobsOptions(), clock);
        Assert.Equal("0 deleted", await ActAsync(action));
        Assert.Equal(0, storage.Store.Floor);

        options.Retention = TimeSpan.FromSeconds(60);
        Assert.Equal("39 deleted", await ActAsync(action));
        Assert.Equal(39, storage.Store.Floor);
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("20 deleted", await ActAsync(action));

        Assert.Equal(60, (await storage.Events())[0].Seq);
        Assert.Equal(0, storage.Store.Figures.Faults);
    }

    // 40 of 50 events are indexed, and the rest are not: both parts are swept.
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
        var swept = storage.Store.SweepAsync(DateTimeOffset.UnixEpoch.AddSeconds(olderThan), most, CancellationToken.None);
        storage.WriteHere();
        return await swept;
    }

    private static async Task<string?> ActAsync(RetentionAction action)
    {
        var now = DateTimeOffset.UnixEpoch;
        var retention = new JobAction.Retention(RetentionOf.History);
        var job = new Job(JobId.Parse("history-retention"), 1, JobDefinition.Of(retention), now, now, now, false, true);
        var output = new RunOutput(100);
        var run = new Run(new RunId(1), job.Id, RunCause.Schedule, null, null, now, null, 1, new string('a', 32), null, null, null, null);
        Assert.Equal(RunResult.Good, await action.ActAsync(retention, new RunTask(run, job, default, output), CancellationToken.None));
        return output.Text();
    }

    private static Task<HistoryPage> History(StorageAtWork storage) =>
        storage.Store.ReadHistoryAsync(StorageAtWork.Id("sensor.a"), null, null, 100, null, CancellationToken.None);
}
