using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Storage.Writing;

public sealed class CheckpointTests
{
    private static readonly StorageOptions Small = new() { CheckpointBytes = 64 * 1024, BatchRows = 50 };

    [Fact]
    public async Task WAL_starts_again_from_its_beginning_although_writes_never_pause()
    {
        await using var storage = new StorageAtWork(Small).Started();
        for (var seq = 1; seq <= 60_000; seq++)
        {
            storage.Append(seq, $"sensor.s{seq % 100}", seq);
        }

        await storage.Settled();

        var figures = storage.Store.Figures;
        // The WAL would have more than 50 MB if it never started again from its beginning.
        Assert.InRange(figures.LogBytes, 1, 16 * 1024 * 1024);
        Assert.True(figures.Checkpoints > 5, figures.ToString());
        Assert.Equal(0, figures.Faults);
    }

    [Fact]
    public async Task Commits_continue_while_the_WAL_is_copied()
    {
        await using var storage = new StorageAtWork(new StorageOptions { CheckpointBytes = 1L << 40 }).Started();
        for (var seq = 1; seq <= 20_000; seq++)
        {
            storage.Append(seq, $"sensor.s{seq}", seq);
        }

        await storage.Settled();
        var copying = Task.Run(storage.Store.Writer.Checkpointer.Run);
        var probe = storage.Probe();
        for (var seq = 20_001; seq <= 20_020; seq++)
        {
            storage.Append(seq, "sensor.a", seq, new Receipt(probe.Ref, seq));
            await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience);
        }

        Assert.Null((await copying).Fault);
        Assert.Equal(0, storage.Store.Figures.Faults);
    }

    [Fact]
    public async Task Figures_show_a_reader_that_holds_an_old_state_until_it_ends()
    {
        await using var storage = new StorageAtWork(Small).Started();
        storage.Append(1, "sensor.a", 1);
        await storage.Settled();
        using (var reader = storage.Store.Writer.File.OpenReader())
        {
            reader["BEGIN"].Run();
            reader["SELECT count(*) FROM events"].Rows(row => row.Int64(0));
            await FillUntil(storage, 2, () => storage.Store.Figures.LogHeldBytes > 0);
            reader["COMMIT"].Run();
        }

        await FillUntil(storage, 1_000_000, () => storage.Store.Figures is { LogHeldBytes: 0, Checkpoints: > 0 });
    }

    [Fact]
    public async Task Queue_stays_within_its_bounds_while_the_producer_is_faster_than_the_disk()
    {
        var options = new StorageOptions { QueueRows = 1000, BatchRows = 100 };
        await using var storage = new StorageAtWork(options).Started();
        var most = 0;
        using var slow = new HeldCommit();
        storage.Enqueue(slow);
        await slow.Begun;
        var producer = Task.Run(async () =>
        {
            for (var seq = 1; seq <= 20_000; seq++)
            {
                if (!storage.Store.HasRoom)
                {
                    await storage.Store.WaitForRoomAsync(CancellationToken.None);
                }

                storage.Append(seq, "sensor.a", seq);
                most = Math.Max(most, storage.Store.Figures.QueueRows);
            }
        });
        await Until.TrueAsync(() => !storage.Store.HasRoom);
        slow.Release();
        await producer;
        await storage.Settled();

        Assert.InRange(most, 900, 1001);
        Assert.Equal((20_000, 0), ((await storage.Events()).Count, storage.Store.Figures.Refused));
    }

    private static async Task FillUntil(StorageAtWork storage, int seq, Func<bool> holds)
    {
        for (var round = 0; round < 200 && !holds(); round++)
        {
            for (var n = 0; n < 500; n++, seq++)
            {
                storage.Append(seq, $"sensor.s{n}", seq);
            }

            await storage.Settled();
        }

        Assert.True(holds(), storage.Store.Figures.ToString());
    }
}
