using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Storage;

public sealed class RealDiskTests
{
    [SmallDiskFact]
    public async Task Full_disk_keeps_the_waiting_writes_which_continue_when_there_is_space()
    {
        using var disk = new SmallDisk("8m");
        await using var storage = new StorageAtWork(directory: Path.Combine(disk.Path, "data")).Started();
        var probe = storage.Probe();
        storage.Append(1, "sensor.a", 1, new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience);

        disk.Fill();
        for (var seq = 2; seq <= 5000; seq++)
        {
            storage.Append(seq, "sensor.a", seq, new Receipt(probe.Ref, seq));
        }

        await Until.TrueAsync(() => !storage.Store.Health.Ready && storage.Store.Figures.Faults > 2);
        Assert.Contains("full", storage.Readiness.Reasons["storage/history"], StringComparison.Ordinal);
        // All committed events can still be read, and no others.
        Assert.Equal(5000 - storage.Store.Figures.QueueRows, (await storage.Events()).Count);

        disk.Free();

        var acknowledged = new List<long>();
        while (acknowledged.Count < 4999)
        {
            acknowledged.AddRange((await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        }

        Assert.Equal(Enumerable.Range(2, 4999).Select(n => (long)n), acknowledged);
        Assert.Equal(5000, (await storage.Events()).Count);
        await Until.TrueAsync(() => storage.Readiness.Reasons.Count == 0);
        Assert.Equal(0, storage.Store.Figures.Refused);
    }

    [SmallDiskFact]
    public async Task Checkpoint_that_finds_no_space_is_reported_and_tried_again()
    {
        using var disk = new SmallDisk("8m");
        var options = new StorageOptions
        {
            CheckpointBytes = 1024, RetryDelay = TimeSpan.FromMilliseconds(5), MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        };
        await using var storage = new StorageAtWork(options, directory: Path.Combine(disk.Path, "data")).Started();
        await storage.Settled();
        for (var seq = 1; seq <= 200; seq++)
        {
            storage.Append(seq, $"sensor.s{seq}", seq);
        }

        await storage.Settled();
        disk.Fill();
        for (var seq = 201; seq <= 4000; seq++)
        {
            storage.Append(seq, $"sensor.s{seq}", seq);
        }

        await Until.TrueAsync(() => storage.Readiness.Reasons.ContainsKey("storage/history"));
        disk.Free();
        await storage.Settled();

        await Until.TrueAsync(() => storage.Readiness.Reasons.Count == 0, () => storage.Store.Figures.ToString());
        Assert.Equal(4000, (await storage.Events()).Count);
    }

    [SmallDiskFact]
    public async Task Read_only_file_is_reported_and_work_continues_when_it_can_be_written()
    {
        using var disk = new SmallDisk("8m");
        await using var storage = new StorageAtWork(directory: Path.Combine(disk.Path, "data"));
        Assert.True(SmallDisk.TrySetReadOnly(storage.HistoryFile, on: true));
        storage.Started();
        storage.Append(1, "sensor.a", 1);

        await Until.TrueAsync(() => storage.Store.Figures.Faults > 1);
        Assert.Contains("readonly", storage.Readiness.Reasons["storage/history"], StringComparison.Ordinal);
        Assert.True(SmallDisk.TrySetReadOnly(storage.HistoryFile, on: false));
        await storage.Settled();

        Assert.Single(await storage.Events());
        await Until.TrueAsync(() => storage.Readiness.Reasons.Count == 0);
    }
}
