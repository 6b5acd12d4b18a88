using Akka.Actor;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Tests.Storage;

public sealed class DiskFaultTests
{
    [Fact]
    public async Task Directory_that_disappears_is_reported_and_nothing_is_lost_when_it_reappears()
    {
        await using var storage = new StorageAtWork().Started();
        var probe = storage.Probe();
        storage.Append(1, "sensor.a", 1, new Receipt(probe.Ref, 1));
        Assert.Equal([1L], (await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        await storage.Events();

        Directory.Move(storage.Data.Path, storage.Data.Path + ".away");
        storage.Append(2, "sensor.a", 2, new Receipt(probe.Ref, 2));
        await Until.TrueAsync(() => storage.Store.Health is { Ready: false });

        Assert.Equal($"{storage.HistoryFile} is gone", storage.Store.Health.Reason);
        Assert.Equal(storage.Store.Health.Reason, storage.Readiness.Reasons["storage/history"]);
        Assert.Equal((1, storage.Store.Health.Reason), (storage.Store.Figures.QueueRows, storage.Store.Figures.LastError));
        await Assert.ThrowsAsync<FileGoneException>(() => storage.Events());
        Assert.False(File.Exists(storage.HistoryFile));
        storage.Append(3, "sensor.a", 3, new Receipt(probe.Ref, 3));

        Directory.Move(storage.Data.Path + ".away", storage.Data.Path);

        Assert.Equal([2L], (await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        Assert.Equal([3L], (await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        Assert.Equal([1L, 2, 3], (await storage.Events()).Select(e => e.Seq));
        Assert.Equal(StorageHealth.Good, storage.Store.Health);
        Assert.Empty(storage.Readiness.Reasons);
    }

    [Fact]
    public async Task Wrong_row_before_a_full_disk_is_refused_once_and_hides_no_fault()
    {
        await using var storage = new StorageAtWork();
        var row = new RefusedRow();
        storage.Enqueue(row);
        storage.Enqueue(new FullDisk(times: 1));
        for (var seq = 1; seq <= 3000; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
        }

        var batch = storage.Store.Writer.Queue.Take()!;
        var fault = storage.Store.Writer.Write(batch).Fault;
        Assert.Contains("database or disk is full", fault!.Message, StringComparison.Ordinal);
        Assert.Null(row.Reason);

        storage.WriteHere();
        Assert.Equal("this row is wrong", row.Reason);
        Assert.Equal((3000, 1), ((await storage.Events()).Count, storage.Store.Figures.Refused));
    }

    [Fact]
    public async Task Full_disk_delays_all_writes_until_there_is_space_again()
    {
        await using var storage = new StorageAtWork();
        var probe = storage.Probe();
        var full = new FullDisk(times: 3);
        storage.Enqueue(full);
        for (var seq = 1; seq <= 3000; seq++)
        {
            storage.Append(seq, "sensor.a", seq, new Receipt(probe.Ref, seq));
        }

        storage.Started();

        Assert.Equal(3000, (await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags.Count);
        Assert.Equal(4, full.Applied);
        Assert.Equal(3000, (await storage.Events()).Count);
        Assert.Contains("database or disk is full", storage.Store.Figures.LastError, StringComparison.Ordinal);
        Assert.Equal((0, StorageHealth.Good), (storage.Store.Figures.Refused, storage.Store.Health));
    }

    [Fact]
    public async Task Stop_on_a_broken_disk_ends_and_keeps_the_queue()
    {
        await using var storage = new StorageAtWork().Started();
        await storage.Settled();
        Directory.Move(storage.Data.Path, storage.Data.Path + ".away");
        storage.Append(1, "sensor.a", 1);

        Assert.True(await storage.Supervisor.GracefulStop(Until.Limit));

        Assert.Equal(1, storage.Store.Figures.QueueRows);
        Assert.Equal($"{storage.HistoryFile} is gone", storage.Store.Health.Reason);
        Directory.Move(storage.Data.Path + ".away", storage.Data.Path);
    }

    /// <summary>Uses SQLite's own limit on the size of the file, so that SQLite answers as on a full disk.</summary>
    private sealed class FullDisk(int times) : WriteOperation<SqliteSession>(default)
    {
        public int Applied { get; private set; }

        public override void Apply(SqliteSession session)
        {
            if (Applied++ < times)
            {
                session["PRAGMA max_page_count = 1"].Run();
            }
        }
    }
}
