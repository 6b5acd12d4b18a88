using AllInOne.Core.Backups;
using AllInOne.Core.Storage;
using AllInOne.Core.Tests.Storage;

namespace AllInOne.Core.Tests.Backups;

public sealed class BackupsTests
{
    [Fact]
    public async Task A_backup_under_load_holds_one_moment_of_all_files()
    {
        const int Loops = 8;
        await using var work = new BackupsAtWork();
        using var stop = new CancellationTokenSource();
        // Loops with an even number write the main file first, and history after that commit. The other loops use the opposite order.
        var loops = Enumerable.Range(0, Loops).Select(loop => Task.Run(() => WritePairsAsync(work, loop, Loops, stop.Token))).ToArray();
        await BackupsAtWork.PutAsync(work.Main, -1);
        var backups = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var made = await work.MakeAsync();
            Assert.True(made.State == BackupState.Done, made.Error);
            backups.Add(work.PathOf(made));
        }

        await stop.CancelAsync();
        await Task.WhenAll(loops);

        Assert.All(backups, archive =>
        {
            using var directory = new TemporaryDirectory();
            using var data = DataDirectory.Claim(directory["data"]);
            OfflineBackups.Restore(data, archive, TimeProvider.System);
            var main = BackupsAtWork.Pairs(data, "allinone.db").Where(n => n >= 0).ToHashSet();
            var history = BackupsAtWork.Pairs(data, "history.db");
            Assert.DoesNotContain(history, n => n % 2 == 0 && !main.Contains(n));
            Assert.DoesNotContain(main, n => n % 2 == 1 && !history.Contains(n));
            main.SymmetricExceptWith(history);
            Assert.True(main.Count <= Loops, $"{main.Count} halves for {Loops} pairs under way");
        });
        Assert.Contains(backups, archive => new FileInfo(archive).Length > 0);
    }

    [Fact]
    public async Task Acknowledged_writes_are_in_the_next_backup_and_the_backup_is_in_the_list()
    {
        await using var work = new BackupsAtWork();
        await BackupsAtWork.PutAsync(work.Main, 42);

        var made = await work.MakeAsync();

        Assert.Equal((BackupState.Done, null), (made.State, made.Error));
        Assert.Equal(BackupsAtWork.FileNames, made.Files!.Select(file => file.Name));
        Assert.Equal(made.Bytes, new FileInfo(work.PathOf(made)).Length);
        var listed = Assert.Single(work.Backups.List());
        Assert.Equal((made.Name, made.State, made.Bytes), (listed.Name, listed.State, listed.Bytes));
        Assert.Equal([work.PathOf(made)], Directory.EnumerateFileSystemEntries(work.Directory));
        using var directory = new TemporaryDirectory();
        using var data = DataDirectory.Claim(directory["data"]);
        OfflineBackups.Restore(data, work.PathOf(made), TimeProvider.System);
        Assert.Contains(42, BackupsAtWork.Pairs(data, "allinone.db"));
    }

    [Fact]
    public async Task One_backup_is_made_at_a_time_and_the_writers_continue_after_it()
    {
        await using var work = new BackupsAtWork();
        await Until.TrueAsync(() => work.CanBegin(out _));
        await work.MakeAsync();
        using var held = new HeldCommit();
        work.Main.Queue.Enqueue(held);
        await held.Begun;

        var (first, begun) = work.Backups.Begin();
        var (second, again) = work.Backups.Begin();

        Assert.Equal((true, false), (begun, again));
        Assert.Same(first, second);
        Assert.Equal(BackupState.Running, work.Backups.List()[0].State);
        held.Release();
        Assert.Equal(BackupState.Done, (await first.Ended.WaitAsync(BackupsAtWork.Patience)).State);
        await BackupsAtWork.PutAsync(work.Main, 1);
    }

    [Fact]
    public async Task A_writer_that_does_not_stand_still_fails_the_backup_and_nothing_else()
    {
        var options = new BackupsOptions { StandStillTimeout = TimeSpan.FromMilliseconds(100) };
        await using var work = new BackupsAtWork(options);
        using var held = new HeldCommit();
        work.Main.Queue.Enqueue(held);
        await held.Begun;

        var failed = await work.MakeAsync();

        Assert.Equal(BackupState.Failed, failed.State);
        Assert.Contains("allinone.db", failed.Error, StringComparison.Ordinal);
        Assert.Equal(failed, Assert.Single(work.Backups.List()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(work.Directory));
        held.Release();
        options.StandStillTimeout = Until.Limit;
        await BackupsAtWork.PutAsync(work.Main, 1);
        Assert.Equal(BackupState.Done, (await work.MakeAsync()).State);
        Assert.DoesNotContain(work.Backups.List(), one => one.State == BackupState.Failed);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_fails_the_backup_in_one_line()
    {
        await using var work = new BackupsAtWork();
        File.WriteAllText(work.Directory, "a file where the directory should be");

        var failed = await work.MakeAsync();

        Assert.Equal(BackupState.Failed, failed.State);
        Assert.Contains(work.Directory, failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failed.Error!);
    }

    [Fact]
    public async Task Only_the_newest_backups_are_kept_and_files_of_other_names_are_left_alone()
    {
        await using var work = new BackupsAtWork(new BackupsOptions { Keep = 2 });
        Directory.CreateDirectory(work.Directory);
        var other = Path.Combine(work.Directory, "mine.zip");
        File.WriteAllText(other, "");

        var made = new List<BackupName>();
        for (var i = 0; i < 4; i++)
        {
            made.Add((await work.MakeAsync()).Name);
        }

        Assert.Equal(made[2..].AsEnumerable().Reverse(), work.Backups.List().Select(one => one.Name));
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void After_the_clock_was_set_back_new_backups_are_kept_too()
    {
        using var root = new TemporaryDirectory();
        var (shelf, noon) = (new BackupShelf(root["backups"]), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        Directory.CreateDirectory(shelf.Directory);
        foreach (var hour in (int[])[0, 1, 2, -10, -9, -8])
        {
            File.WriteAllText(shelf.PathOf(Name(hour)), "");
            shelf.DeleteOld(2, Name(hour));
        }

        Assert.Equal([Name(2), Name(1), Name(-8), Name(-9)], shelf.Names());
        File.WriteAllText(shelf.PathOf(Name(3)), "");
        shelf.DeleteOld(2, Name(3));
        Assert.Equal([Name(3), Name(2)], shelf.Names());

        BackupName Name(int hour) => BackupName.At(noon.AddHours(hour));
    }

    [Fact]
    public async Task A_restart_of_the_actor_fails_the_current_backup_and_the_next_one_succeeds()
    {
        await using var work = new BackupsAtWork();
        await work.MakeAsync();
        using var held = new HeldCommit();
        work.Main.Queue.Enqueue(held);
        await held.Begun;
        var (run, _) = work.Backups.Begin();

        await work.RestartAsync();
        held.Release();

        // The backup may be done before the restart reaches it, but it is never half done.
        var outcome = await run.Ended.WaitAsync(BackupsAtWork.Patience);
        Assert.Equal(outcome.State == BackupState.Done, File.Exists(work.PathOf(outcome)));
        Assert.Equal(BackupState.Done, (await work.MakeAsync()).State);
    }

    [Fact]
    public async Task A_deleted_backup_is_gone_and_a_foreign_file_with_a_valid_name_is_shown_as_unreadable()
    {
        await using var work = new BackupsAtWork();
        var made = await work.MakeAsync();
        Assert.True(work.Backups.Delete(made.Name));
        Assert.False(work.Backups.Delete(made.Name));
        File.WriteAllText(work.PathOf(made), "no zip");

        var listed = Assert.Single(work.Backups.List());

        Assert.Equal(BackupState.Unreadable, listed.State);
        Assert.NotNull(listed.Error);
    }

    [Theory]
    [InlineData("../allinone.db")]
    [InlineData("allinone-20260131T120000123Z.zip/")]
    [InlineData("/allinone-20260131T120000123Z.zip")]
    [InlineData("allinone-20260131T120000123Z.zip\0")]
    [InlineData("ALLINONE-20260131T120000123Z.zip")]
    [InlineData("allinone-20261331T120000123Z.zip")]
    [InlineData(" allinone-20260131T120000123Z.zip")]
    [InlineData("")]
    public void Other_text_is_no_name_of_a_backup(string text) => Assert.False(BackupName.TryParse(text, out _));

    [Fact]
    public void A_name_is_its_moment_to_the_millisecond()
    {
        var name = BackupName.At(new DateTimeOffset(2026, 1, 31, 13, 0, 0, 123, TimeSpan.FromHours(1)).AddTicks(9));

        Assert.Equal("allinone-20260131T120000123Z.zip", name.ToString());
        Assert.True(BackupName.TryParse(name.ToString(), out var parsed));
        Assert.Equal(name, parsed);
    }

    private static async Task WritePairsAsync(BackupsAtWork work, int loop, int loops, CancellationToken stop)
    {
        var (first, second) = loop % 2 == 0 ? (work.Main, work.History) : (work.History, work.Main);
        for (long n = loop; !stop.IsCancellationRequested; n += loops)
        {
            await BackupsAtWork.PutAsync(first, n);
            await BackupsAtWork.PutAsync(second, n);
        }
    }

    [SmallDiskFact]
    public async Task A_disk_that_gets_full_fails_the_backup_with_the_reason_and_leaves_no_file_and_the_next_backup_succeeds()
    {
        using var disk = new SmallDisk("200m");
        await using var work = new BackupsAtWork(directory: Path.Combine(disk.Path, "data"));
        await BackupsAtWork.PutBallastAsync(work.Main, megabytes: 32);

        var made = await FillDuringAsync(disk, work);
        for (var again = 0; made.State == BackupState.Done && again < 5; again++)
        {
            // The backup was complete before the disk was full.
            work.Backups.Delete(made.Name);
            disk.Free();
            made = await FillDuringAsync(disk, work);
        }

        Assert.Equal(BackupState.Failed, made.State);
        // While the files are copied, the error comes from SQLite; while they are packed, it comes from the operating system.
        Assert.Matches("disk is full|No space left on device", made.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(work.Directory));
        disk.Free();
        await BackupsAtWork.PutAsync(work.Main, 1);
        Assert.Equal(BackupState.Done, (await work.MakeAsync()).State);
    }

    /// <summary>Makes a backup that has room when it begins, and no room after it has begun to copy.</summary>
    private static async Task<BackupSnapshot> FillDuringAsync(SmallDisk disk, BackupsAtWork work)
    {
        var making = work.MakeAsync();
        await Until.TrueAsync(() => making.IsCompleted || Directory.GetFiles(disk.Path, "allinone.db", SearchOption.AllDirectories).Length > 1);
        disk.Fill();
        return await making;
    }
}
