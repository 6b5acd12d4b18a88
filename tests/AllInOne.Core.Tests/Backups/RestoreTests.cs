using System.IO.Compression;
using System.Text;
using AllInOne.Core.Backups;
using AllInOne.Core.Backups.Archives;
using AllInOne.Core.Data;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Sqlite;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Tests.Backups;

/// <summary>An archive of one directory is restored into another directory that has data of its own.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly FakeClock _clock = new();
    private readonly string _archive;
    private readonly DataDirectory _target;

    public RestoreTests()
    {
        using (var source = Filled("source", mark: 1))
        {
            _archive = OfflineBackups.Create(source, new BackupsOptions(), _root["archive.zip"], _clock);
        }

        _target = Filled("target", mark: 2);
    }

    public void Dispose()
    {
        _target.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void A_restore_brings_the_old_state_back_and_keeps_the_replaced_files()
    {
        var restored = OfflineBackups.Restore(_target, _archive, _clock);

        Assert.Equal(["allinone.db", "allinone.lock", "allinone.pid", Path.GetFileName(restored.Aside!), "history.db", "state.db"], Names(_target.Path));
        Assert.Equal((1, 1), Marks(_target.Path));
        Assert.Equal((2, 2), Marks(restored.Aside!));
        Assert.Equal(_clock.GetUtcNow(), restored.Time);
    }

    [Fact]
    public void A_restore_into_an_empty_directory_needs_nothing_aside()
    {
        using var empty = DataDirectory.Claim(_root["empty"]);

        var restored = OfflineBackups.Restore(empty, _archive, _clock);

        Assert.Null(restored.Aside);
        Assert.Equal((1, 1), Marks(empty.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_or_link_in_the_place_of_a_file_is_moved_aside_like_a_file(bool isDirectory)
    {
        var state = _target.File("state.db");
        File.Delete(state);
        if (isDirectory)
        {
            Directory.CreateDirectory(state);
        }
        else
        {
            File.CreateSymbolicLink(state, _root["nowhere"]);
        }

        var restored = OfflineBackups.Restore(_target, _archive, _clock);

        Assert.Equal((1, 1), Marks(_target.Path));
        Assert.Null(new FileInfo(state).LinkTarget);
        Assert.Contains("state.db", Names(restored.Aside!));
    }

    [Fact]
    public void A_WAL_beside_a_file_is_moved_aside_with_it()
    {
        File.WriteAllText(_target.File("allinone.db-wal"), "of the old file");

        var restored = OfflineBackups.Restore(_target, _archive, _clock);

        Assert.Equal("of the old file", File.ReadAllText(Path.Combine(restored.Aside!, "allinone.db-wal")));
        Assert.False(File.Exists(_target.File("allinone.db-wal")));
    }

    [Fact]
    public void Event_numbers_continue_after_all_numbers_that_a_client_has_seen()
    {
        // The clock of this machine is behind the clock of the machine that numbered the events.
        const long Seen = 9_000_000_000_000_000;
        using (var session = DataFiles.In(_target.Path).Single(file => file.Name == HistoryStore.FileName).OpenWriter())
        {
            HistoryQueries.RaiseFloor(session, Seen);
        }

        OfflineBackups.Restore(_target, _archive, _clock);

        using var history = HistoryStore.Open(_target, new StorageOptions(), _clock);
        Assert.True(history.LastStoredSeq > Seen);
        Assert.True(history.Floor > Seen, "whoever follows events from before must be told to read anew");
    }

    [Fact]
    public void Event_numbers_continue_although_the_archive_has_no_history()
    {
        using var source = Filled("without", mark: 1);
        File.Delete(source.File("history.db"));
        var archive = OfflineBackups.Create(source, new BackupsOptions(), _root["without.zip"], _clock);

        var restored = OfflineBackups.Restore(_target, archive, _clock);

        Assert.True(File.Exists(Path.Combine(restored.Aside!, "history.db")));
        using var history = HistoryStore.Open(_target, new StorageOptions(), _clock);
        Assert.True(history.Floor > Microseconds.From(_clock.GetUtcNow()));
    }

    [Fact]
    public void No_version_of_a_document_is_used_again()
    {
        using var source = DataDirectory.Claim(_root["documents"]);
        var main = DataFiles.Main(source.Path);
        main.Prepare();
        using (var session = main.OpenWriter())
        {
            Insert(session, "things", "a", "b");
        }

        var archive = OfflineBackups.Create(source, new BackupsOptions(), _root["documents.zip"], _clock);
        OfflineBackups.Restore(_target, archive, _clock);

        var now = Microseconds.From(_clock.GetUtcNow());
        using (var session = DataFiles.Main(_target.Path).OpenWriter())
        {
            var versions = session["SELECT version FROM documents_1"].Rows(row => row.Int64(0));
            Assert.Equal(2, versions.Count);
            Assert.All(versions, version => Assert.True(version > now));
            var first = Insert(session, "things", "new");
            Assert.True(first > versions.Max());
            // The collection may have existed after the backup.
            Assert.True(Insert(session, "others", "x") > now);
        }

        OfflineBackups.Restore(_target, archive, _clock);
        using var again = DataFiles.Main(_target.Path).OpenWriter();
        Assert.Equal([2L], again["SELECT count(*) FROM collections"].Rows(row => row.Int64(0)));
    }

    [Fact]
    public void A_file_that_is_broken_does_not_keep_a_restore_from_replacing_it()
    {
        File.WriteAllText(_target.File("history.db"), "no database any more");

        OfflineBackups.Restore(_target, _archive, _clock);

        Assert.Equal((1, 1), Marks(_target.Path));
    }

    [Fact]
    public void A_byte_changed_anywhere_is_refused_and_nothing_is_touched()
    {
        var good = File.ReadAllBytes(_archive);
        var before = Contents(_target.Path);
        var random = new Random(1);
        var places = Enumerable.Range(0, 300).Select(_ => random.Next(good.Length))
            .Concat(Enumerable.Range(good.Length - 200, 200)).Concat(Enumerable.Range(0, 40));
        foreach (var place in places)
        {
            var bad = (byte[])good.Clone();
            bad[place] ^= (byte)random.Next(1, 256);
            Refuses(bad, $"byte {place}");
        }

        Assert.Equal(before, Contents(_target.Path));
    }

    [Fact]
    public void A_part_of_an_archive_is_refused()
    {
        var good = File.ReadAllBytes(_archive);
        foreach (var length in (int[])[0, 1, 70, 71, 100, good.Length / 2, good.Length - 1])
        {
            Refuses(good[..length], $"the first {length} bytes");
        }

        Refuses([.. good, 0], "one byte more");
    }

    [Theory]
    [InlineData("Program", "\"allinone\"", "\"another\"", "another program's")]
    [InlineData("Format", "\"format\": 1", "\"format\": 2", "use the newer version")]
    [InlineData("Missing member", "\"lastSeq\"", "\"last\"", "cannot be read")]
    [InlineData("Another name", "\"name\": \"history.db\"", "\"name\": \"../../x.db\"", "not what its backup.json says")]
    [InlineData("Newer schema", null, "PRAGMA user_version = 99", "this program knows up to")]
    [InlineData("Other schema", null, "DROP TABLE topics", "another program's")]
    [InlineData("Other hash", "\"sha256\": \"", "\"sha256\": \"0", "checksum")]
    public void An_archive_with_a_valid_seal_and_a_wrong_content_is_refused(string what, string? from, string to, string says)
    {
        using var source = DataDirectory.Claim(_root["forged"]);
        using (new StorageModuleFiles(source))
        {
        }

        if (from is null)
        {
            using var session = DataFiles.In(source.Path).Single(file => file.Name == HistoryStore.FileName).OpenWriter();
            session[to].Run();
        }

        var refusal = Assert.Throws<BackupException>(() => OfflineBackups.Restore(_target, Forge(source, from, to), _clock));

        Assert.True(refusal.Message.Contains(says, StringComparison.Ordinal), $"{what}: {refusal.Message}");
        Assert.Equal((2, 2), Marks(_target.Path));
    }

    [Fact]
    public void A_file_that_is_no_archive_is_refused()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("readme.txt").Open();
            entry.Write("hello"u8);
        }

        Refuses(stream.ToArray(), "another zip");
        Refuses(Encoding.UTF8.GetBytes(new string('x', 10_000)), "text");
        Refuses(File.ReadAllBytes(_target.File("history.db")), "a database");
    }

    [Fact]
    public void A_death_between_any_two_steps_leaves_one_complete_set()
    {
        var steps = 0;
        for (var dies = 1; steps >= dies - 2; dies++)
        {
            using var root = new TemporaryDirectory();
            using (var victim = Filled(root["data"], mark: 2))
            {
                steps = RestoreUntil(victim, dies);
            }

            var journalled = File.Exists(Path.Combine(root["data"], FileSwap.JournalName));
            using (var next = DataDirectory.Claim(root["data"]))
            {
                var marks = Marks(next.Path);
                Assert.True(marks == (1, 1) || (marks == (2, 2) && !journalled), $"before step {dies}: {marks}");
                Assert.DoesNotContain(Names(next.Path), name => name.StartsWith("restor", StringComparison.Ordinal));
                if (marks == (1, 1))
                {
                    var aside = Directory.GetDirectories(next.Path, "before-restore-*").Single();
                    Assert.Equal((2, 2), Marks(aside));
                }
            }
        }

        Assert.True(steps >= 7, $"only {steps} steps");
    }

    [Fact]
    public void A_death_during_the_recovery_from_a_death_leaves_one_whole_set()
    {
        using var root = new TemporaryDirectory();
        using (var victim = Filled(root["data"], mark: 2))
        {
            RestoreUntil(victim, dies: 3);
        }

        for (var again = 0; File.Exists(Path.Combine(root["data"], FileSwap.JournalName)); again++)
        {
            // Each attempt gets one step further.
            var steps = 0;
            var swap = new FileSwap(root["data"], _ => steps = steps > 0 ? throw new DeathException() : 1);
            Assert.True(again < 20, "it never ends");
            Record.Exception(swap.Complete);
        }

        using var next = DataDirectory.Claim(root["data"]);
        Assert.Equal((1, 1), Marks(next.Path));
    }

    [Fact]
    public void A_journal_that_no_restore_wrote_stops_the_claim_in_one_line()
    {
        Directory.CreateDirectory(_root["odd"]);
        File.WriteAllText(Path.Combine(_root["odd"], FileSwap.JournalName), """{"staging": "../x", "aside": "y", "arriving": [], "leaving": []}""");

        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Claim(_root["odd"]));

        Assert.Contains(FileSwap.JournalName, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_files_is_what_a_server_opens()
    {
        using var data = DataDirectory.Claim(_root["whole"]);
        using var module = new StorageModuleFiles(data);

        Assert.Equal(module.Paths, DataFiles.In(data.Path).Select(file => file.Path));
    }

    /// <summary>Restores until it dies before a step; returns the number of completed steps.</summary>
    private int RestoreUntil(DataDirectory victim, int dies)
    {
        var steps = 0;
        var swap = new FileSwap(victim.Path, _ => steps = steps + 1 == dies ? throw new DeathException() : steps + 1);
        var death = Record.Exception(() => OfflineBackups.Restore(victim, _archive, _clock, swap));
        Assert.True(death is null or DeathException, $"{death}");
        return steps;
    }

    private void Refuses(byte[] bytes, string what)
    {
        var path = _root["bad.zip"];
        File.WriteAllBytes(path, bytes);
        var refusal = Record.Exception(() => OfflineBackups.Restore(_target, path, _clock));
        Assert.True(refusal is BackupException, $"{what}: {refusal?.ToString() ?? "restored"}");
        Assert.DoesNotContain('\n', refusal!.Message);
    }

    /// <summary>Makes an archive as a program could that knows our seal: the same parts with another manifest.</summary>
    private string Forge(DataDirectory source, string? from, string to)
    {
        var honest = OfflineBackups.Create(source, new BackupsOptions(), _root["honest.zip"], _clock);
        if (from is null)
        {
            return honest;
        }

        var forged = _root["forged.zip"];
        using (var read = ZipFile.OpenRead(honest))
        using (var write = ZipFile.Open(forged, ZipArchiveMode.Create))
        {
            write.Comment = "sha256:" + new string('0', 64);
            foreach (var entry in read.Entries)
            {
                using var content = new MemoryStream();
                using (var part = entry.Open())
                {
                    part.CopyTo(content);
                }

                var bytes = content.ToArray();
                if (entry.Name == BackupManifest.FileName)
                {
                    var json = Encoding.UTF8.GetString(bytes);
                    Assert.Contains(from, json, StringComparison.Ordinal);
                    bytes = Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal));
                }

                using var target = write.CreateEntry(entry.FullName).Open();
                target.Write(bytes);
            }
        }

        var sealedBytes = File.ReadAllBytes(forged);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(sealedBytes.AsSpan(0, sealedBytes.Length - 64)));
        Encoding.ASCII.GetBytes(hash).CopyTo(sealedBytes, sealedBytes.Length - 64);
        File.WriteAllBytes(forged, sealedBytes);
        return forged;
    }

    private DataDirectory Filled(string name, int mark)
    {
        var data = DataDirectory.Claim(Path.IsPathRooted(name) ? name : _root[name]);
        using var files = new StorageModuleFiles(data);
        files.Mark(mark);
        return data;
    }

    /// <summary>Inserts documents into a collection; returns the version of the last one.</summary>
    private long Insert(SqliteSession session, string collection, params string[] ids)
    {
        var documents = new SqliteDocumentSession(session);
        var name = CollectionName.Parse(collection);
        var target = documents.Find(name) ?? documents.Create(name, CollectionDefinition.Plain, _clock.GetUtcNow());
        return ids.Select(id => documents.Insert(target, DocumentId.Parse(id), "{}"u8.ToArray(), _clock.GetUtcNow()).Version).Max();
    }

    private static (long Main, long History) Marks(string directory)
    {
        var marks = DataFiles.In(directory).Select(file =>
        {
            using var session = file.OpenReader();
            return session["SELECT mark FROM marks"].Rows(row => row.Int64(0)).Single();
        }).ToList();
        return (marks[0], marks[1]);
    }

    private static List<string> Names(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static Dictionary<string, string> Contents(string directory) =>
        Names(directory).ToDictionary(
            name => name,
            name => name == "allinone.lock" ? "" : Convert.ToBase64String(File.ReadAllBytes(Path.Combine(directory, name))));

    private sealed class DeathException : Exception;
}
