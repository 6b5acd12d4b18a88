using AllInOne.Core.Data;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Tests.Storage;

public sealed class DeletedFileTests
{
    [Theory]
    [InlineData(".db")]
    [InlineData(".db-wal")]
    [InlineData(".db-shm", ".db-wal")]
    [InlineData(".db", ".db-wal", ".db-shm")]
    public async Task Files_that_are_deleted_under_the_writer_are_put_back_with_all_that_was_acknowledged(params string[] endings)
    {
        await using var storage = new StorageAtWork().Started();
        await Append(storage, 1, 100);
        await storage.Events(); // a reader has opened it too

        foreach (var ending in endings)
        {
            File.Delete(Path.Combine(storage.Data.Path, "history" + ending));
        }

        await Append(storage, 101, 200);
        await Append(storage, 201, 300);

        Assert.Equal(300, (await storage.Events()).Count);
        Assert.Equal(StorageHealth.Good, storage.Store.Health);
        Assert.Equal(1, storage.Store.Figures.Faults);
        Assert.Contains("is gone", storage.Store.Figures.LastError, StringComparison.Ordinal);
        await storage.StoppedAsync();
        storage.Reopen();
        Assert.Equal(300, (await storage.Events()).Count);
        using var session = storage.Store.Writer.File.OpenReader();
        Assert.Equal(["ok"], session["PRAGMA integrity_check"].Rows(row => row.Text(0)));
    }

    [Fact]
    public async Task WAL_that_is_deleted_loses_nothing_while_a_reader_holds_an_old_state_and_the_reason_names_the_wait()
    {
        await using var storage = new StorageAtWork().Started();
        await Append(storage, 1, 10);
        using (var reader = HoldingReader(storage))
        {
            await Append(storage, 11, 300);
            File.Delete(storage.Store.Writer.File.Log);
            storage.Append(301, "sensor.a", 301);
            // This is long enough for a writer to close its connection, if it does so.
            await Until.TrueAsync(() => storage.Store.Figures.Faults > 3);

            Assert.Contains("which a reader that has not finished holds up", storage.Store.Health.Reason, StringComparison.Ordinal);
            Assert.Equal(storage.Store.Health.Reason, storage.Readiness.Reasons["storage/history"]);
            await Assert.ThrowsAsync<FileGoneException>(() => storage.Events());
            reader["COMMIT"].Run();
        }

        await storage.Settled();
        await AllAreThere(storage, 301);
    }

    [Fact]
    public async Task Deleted_WAL_that_a_reader_blocks_for_too_long_is_saved_with_the_whole_file()
    {
        var clock = new FakeClock();
        await using var storage = new StorageAtWork(clock: clock).Started();
        await Append(storage, 1, 10);
        using var reader = HoldingReader(storage);
        await Append(storage, 11, 300);
        File.Delete(storage.Store.Writer.File.Log);
        storage.Append(301, "sensor.a", 301);
        await Until.TrueAsync(() => storage.Store.Figures.Faults > 1);

        clock.Advance(TimeSpan.FromMinutes(2));

        await storage.Settled();
        Assert.Equal([10L], reader["SELECT count(*) FROM events"].Rows(row => row.Int64(0)));
        await AllAreThere(storage, 301);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_saves_the_content_of_a_deleted_WAL_although_a_reader_has_not_finished(bool withMoreToWrite)
    {
        await using var storage = new StorageAtWork().Started();
        await Append(storage, 1, 10);
        using var reader = HoldingReader(storage);
        await Append(storage, 11, 300);
        File.Delete(storage.Store.Writer.File.Log);
        if (withMoreToWrite)
        {
            storage.Append(301, "sensor.a", 301);
        }

        await storage.StoppedAsync();

        reader.Dispose();
        storage.Reopen();
        Assert.Equal(withMoreToWrite ? 301 : 300, (await storage.Events()).Count);
    }

    [Fact]
    public async Task WAL_that_another_connection_has_created_is_not_mistaken_for_the_deleted_one()
    {
        await using var storage = new StorageAtWork().Started();
        await Append(storage, 1, 100);
        File.Delete(storage.Store.Writer.File.Log);
        // The connection does not find the pages of the deleted WAL.
        Assert.Throws<SqliteException>(storage.Store.Writer.File.OpenReader);
        Assert.True(File.Exists(storage.Store.Writer.File.Log));

        await Append(storage, 101, 200);

        await AllAreThere(storage, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Death_during_a_rescue_is_repaired_at_the_next_start(bool isLogAloneGone)
    {
        using var root = new TemporaryDirectory();
        var path = Path.Combine(root["data"], HistoryStore.FileName);
        await using (var storage = new StorageAtWork(directory: root["data"]).Started())
        {
            await Append(storage, 1, 100);
            using var session = storage.Store.Writer.File.OpenWriter();
            session["VACUUM INTO ?1"].Bind(1, path + ".rescue").Run();
            await storage.StoppedAsync();
        }

        if (isLogAloneGone)
        {
            File.WriteAllText(path, "what was there before the log");
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path + ".rescue").AddSeconds(-1));
        }
        else
        {
            File.Delete(path);
        }

        File.WriteAllText(path + "-wal", "of another file");
        File.WriteAllText(path + ".rescue.partial", "not whole");
        await using var started = new StorageAtWork(directory: root["data"]);

        Assert.Equal(100, (await started.Events()).Count);
        Assert.Empty(Directory.GetFiles(root["data"], "*.rescue*"));
    }

    [Fact]
    public void File_that_an_administrator_put_back_after_a_rescue_stays()
    {
        using var root = new TemporaryDirectory();
        var history = Prepared(root);
        var restored = File.ReadAllBytes(history.Path);
        LeaveCopy(history, "older", seconds: -1);

        SqliteRescue.EndAbandoned(history);

        Assert.Equal(restored, File.ReadAllBytes(history.Path));
        Assert.Empty(Directory.GetFiles(root.Path, "*.rescue*"));
    }

    [Fact]
    public void Copy_that_is_damaged_is_refused_and_the_file_that_it_would_replace_stays()
    {
        using var root = new TemporaryDirectory();
        var history = Prepared(root);
        var before = File.ReadAllBytes(history.Path);
        File.WriteAllText(history.Log, "its log");
        LeaveCopy(history, new string('x', 5000), seconds: 1);

        var refusal = Assert.Throws<StorageException>(() => SqliteRescue.EndAbandoned(history));

        Assert.StartsWith($"{history.Path}.rescue cannot take the place of history.db", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("backup restore FILE", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(history.Path));
        Assert.Equal("its log", File.ReadAllText(history.Log));
        Assert.True(File.Exists(history.Path + ".rescue"));
    }

    [Fact]
    public void Copy_stays_until_the_file_that_was_put_back_after_a_rescue_is_found_whole()
    {
        using var root = new TemporaryDirectory();
        var history = DataFiles.History(root.Path);
        File.WriteAllText(history.Path, new string('x', 5000));
        LeaveCopy(history, "older", seconds: -1);

        Assert.Throws<StorageException>(() => SqliteRescue.EndAbandoned(history));

        Assert.Equal("older", File.ReadAllText(history.Path + ".rescue"));
    }

    [Fact]
    public async Task Empty_file_of_a_first_start_that_died_does_not_prevent_a_start_and_is_a_warning()
    {
        using var root = new TemporaryDirectory();
        using var log = new RecordedLog();
        Prepared(root);
        File.WriteAllBytes(root["allinone.db"], []);

        await using (var storage = new StorageAtWork(directory: root.Path, log: log).Started())
        {
            await storage.Settled();
            await storage.StoppedAsync();
        }

        Assert.Contains(log.Lines, line => line.StartsWith($"{root["allinone.db"]} is missing or empty", StringComparison.Ordinal));
        File.WriteAllBytes(root["allinone.db"], []);
        var refusal = Assert.Throws<StorageException>(() => DataFiles.CheckAll(root.Path, new StorageOptions()));
        Assert.StartsWith($"{root["allinone.db"]} is empty, though the data directory has been used before", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_that_lasts_is_logged_once_and_its_end_too()
    {
        using var log = new RecordedLog();
        await using var storage = new StorageAtWork(log: log).Started();
        await storage.Settled();
        Directory.Move(storage.Data.Path, storage.Data.Path + ".away");
        storage.Append(1, "sensor.a", 1);
        await Until.TrueAsync(() => storage.Store.Figures.Faults > 10);

        Directory.Move(storage.Data.Path + ".away", storage.Data.Path);
        await storage.Settled();
        await Until.TrueAsync(() => log.Lines.Count > 1);

        Assert.Equal(["history.db is gone; 1 operations wait", "history.db is written again"], log.Lines.Select(line => line.Replace(storage.Data.Path + "/", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Corrupt_file_is_reported_and_its_reads_and_writes_fail_without_an_end_of_the_server()
    {
        await using var storage = new StorageAtWork().Started();
        await Append(storage, 1, 3000);
        await storage.StoppedAsync();
        storage.Reopen();
        using (var file = new FileStream(storage.HistoryFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            // Overwrite everything except the first page, which has the schema.
            file.Position = 4096;
            var rubbish = new byte[file.Length - 4096];
            new Random(7).NextBytes(rubbish);
            file.Write(rubbish);
        }

        storage.Started("again");
        storage.Append(3001, "sensor.a", 3001);

        // Until then the reason may still be the reason of the stop.
        await Until.TrueAsync(() =>
            storage.Readiness.Reasons.TryGetValue("storage/history", out var reason) && reason.Contains("malformed", StringComparison.Ordinal));
        Assert.True(storage.Store.Figures.QueueRows >= 1);
        await Assert.ThrowsAsync<StorageException>(() => storage.Events());
    }

    private static SqliteFile Prepared(TemporaryDirectory root)
    {
        var history = DataFiles.History(root.Path);
        history.Prepare();
        return history;
    }

    /// <param name="seconds">By how many seconds the copy is younger than the file.</param>
    private static void LeaveCopy(SqliteFile file, string content, int seconds)
    {
        File.WriteAllText(file.Path + ".rescue", content);
        File.SetLastWriteTimeUtc(file.Path + ".rescue", File.GetLastWriteTimeUtc(file.Path).AddSeconds(seconds));
    }

    private static SqliteSession HoldingReader(StorageAtWork storage)
    {
        var reader = storage.Store.Writer.File.OpenReader();
        reader["BEGIN"].Run();
        reader["SELECT count(*) FROM events"].Rows(row => row.Int64(0));
        return reader;
    }

    private static async Task AllAreThere(StorageAtWork storage, int count)
    {
        Assert.Equal(count, (await storage.Events()).Count);
        Assert.Equal(StorageHealth.Good, storage.Store.Health);
        await storage.StoppedAsync();
        storage.Reopen();
        Assert.Equal(count, (await storage.Events()).Count);
        using var session = storage.Store.Writer.File.OpenReader();
        Assert.Equal(["ok"], session["PRAGMA integrity_check"].Rows(row => row.Text(0)));
    }

    private static async Task Append(StorageAtWork storage, int from, int to)
    {
        var probe = storage.Probe();
        for (var seq = from; seq <= to; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
        }

        storage.Store.Barrier(new Receipt(probe.Ref, to));
        await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience);
    }
}
