using System.Runtime.Versioning;
using AllInOne.Core.Backups;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("allinone-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Directory_is_created_with_its_parents()
    {
        using var data = DataDirectory.Claim(Path.Combine(_root, "a", "b"));

        Assert.True(Directory.Exists(Path.Combine(_root, "a", "b")));
        Assert.Equal(Path.Combine(_root, "a", "b", "x.db"), data.File("x.db"));
    }

    [Fact]
    public void Second_server_is_refused_while_the_first_lives()
    {
        using (DataDirectory.Claim(_root))
        {
            var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Claim(_root));
            Assert.Equal($"The data directory '{_root}' is in use by another server (process {Environment.ProcessId})", refusal.Message);
        }

        DataDirectory.Claim(_root).Dispose();
    }

    [Fact]
    public void The_id_of_a_dead_server_does_not_prevent_a_start()
    {
        File.WriteAllText(Path.Combine(_root, "allinone.pid"), "1\n");

        using var claimed = DataDirectory.Claim(_root);

        Assert.Equal($"{Environment.ProcessId}\n", File.ReadAllText(Path.Combine(_root, "allinone.pid")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Files_that_an_earlier_version_left_readable_are_taken_from_other_users()
    {
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var data = Path.Combine(_root, "data");
        string[] own = ["history.db", "history.db-wal", "logs/allinone-20260101.jsonl", "before-restore-20260101T000000000Z/state.db"];
        string[] foreign = ["script.sh", "other.db", "backups/mine.tar", "logs/other.log"];
        foreach (var path in own.Concat(foreign).Select(name => Path.Combine(data, name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
            File.SetUnixFileMode(path, Everybody);
        }

        File.CreateSymbolicLink(Path.Combine(data, "logs", "elsewhere"), Path.Combine(data, "script.sh"));
        File.SetUnixFileMode(data, Everybody | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

        using var claimed = DataDirectory.Claim(data);

        Assert.Empty(claimed.Exposed);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.All(own, name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, name))));
        Assert.All(foreign, name => Assert.Equal(Everybody, File.GetUnixFileMode(Path.Combine(data, name))));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Folders_of_the_server_are_taken_from_other_users_also_in_a_shared_directory_and_elsewhere()
    {
        const UnixFileMode Everything = (UnixFileMode)0b111_111_111;
        var (data, elsewhere) = (Path.Combine(_root, "data"), Path.Combine(_root, "elsewhere"));
        var (logs, backups, inLogs) = (Path.Combine(data, "logs"), Path.Combine(data, "backups"), Path.Combine(data, "logs", "mine"));
        foreach (var folder in new[] { data, elsewhere, logs, backups, inLogs })
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, Everything);
        }

        File.SetUnixFileMode(data, Everything | UnixFileMode.StickyBit);

        using var claimed = DataDirectory.Claim(data);
        string[] shelves = [backups, elsewhere, data, Path.Combine(data, "none")];

        Assert.Empty(claimed.Exposed.Concat(shelves.SelectMany(shelf => new BackupShelf(shelf).Tighten())));
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.All([logs, backups, elsewhere], folder => Assert.Equal(Owner, File.GetUnixFileMode(folder)));
        Assert.Equal(Everything, File.GetUnixFileMode(inLogs));
        Assert.Equal(Everything | UnixFileMode.StickyBit, File.GetUnixFileMode(data));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_cannot_be_read_is_a_warning_and_no_other_reason_to_refuse_the_start()
    {
        const UnixFileMode Everything = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(_root, Everything);
        string[] folders = [Path.Combine(_root, "logs"), Path.Combine(_root, "backups")];
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, UnixFileMode.None);
        }

        try
        {
            UnprivilegedThread.Run(() =>
            {
                var shelf = new BackupShelf(folders[1]);
                shelf.DiscardPartial();
                using var claimed = DataDirectory.Claim(_root);

                Assert.Single(claimed.Exposed, line => line.StartsWith($"Other users of this machine may read {folders[0]}: ", StringComparison.Ordinal));
                Assert.StartsWith($"Other users of this machine may read {folders[1]}: ", Assert.Single(shelf.Tighten()), StringComparison.Ordinal);
                Assert.Throws<UnavailableException>(shelf.List);
            });
        }
        finally
        {
            Array.ForEach(folders, folder => File.SetUnixFileMode(folder, Everything));
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_shared_directory_is_recognised_by_every_path_to_it()
    {
        var (sticky, home, inHome) = (Path.Combine(_root, "sticky"), Path.Combine(_root, "home"), Path.Combine(_root, "parent"));
        Directory.CreateDirectory(sticky);
        File.SetUnixFileMode(sticky, UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead);
        Directory.CreateSymbolicLink(home, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        Directory.CreateSymbolicLink(inHome, "/usr");

        Assert.All(["/", "/tmp", "/var/lib/", "/var/log", sticky, home, Path.Combine(inHome, "local"), "/home/../etc"], path => Assert.True(DataDirectory.IsShared(path), path));
        Assert.All([_root, Path.Combine(inHome, "bin")], path => Assert.False(DataDirectory.IsShared(path), path));
        using var claimed = DataDirectory.Claim(sticky);
        Assert.True(File.GetUnixFileMode(sticky).HasFlag(UnixFileMode.GroupRead));
    }

    [Fact]
    public void File_in_place_of_the_directory_is_refused_in_one_line()
    {
        var path = Path.Combine(_root, "file");
        File.WriteAllText(path, "");

        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Claim(path));

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Directory_that_cannot_be_written_is_refused_in_one_line()
    {
        // No user can create a file here, not even the superuser.
        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Claim("/proc"));

        Assert.StartsWith("The data directory '/proc' cannot be written: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
