using System.Buffers.Binary;
using AllInOne.Server.Cli;

namespace AllInOne.Server.Tests.Hosting;

/// <summary>
/// A start on damaged files answers with one line that names the file and the remedy, and with exit code 2. It changes no file.
/// The files are copies of the files of a running server (<see cref="DataUnderWork"/>), so that each has a WAL with data, or of a server that stopped
/// in order.
/// </summary>
public sealed class DamagedFileTests(DataUnderWork work) : IClassFixture<DataUnderWork>
{
    private const int Page = 4096;

    public static TheoryData<string, string> Files()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in new[] { "allinone.db", "state.db", "history.db" })
        {
            data.Add(file, "the server was killed");
            data.Add(file, "the server stopped");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_damaged_file_is_refused_by_name_with_the_remedy_and_nothing_is_changed(string file, string before)
    {
        var directory = before == "the server stopped" ? work.Stopped : work.Killed;
        foreach (var (damage, change) in Damages())
        {
            await RefusesAsync(directory, file, damage, change);
        }
    }

    [Theory]
    [InlineData("allinone.db")]
    [InlineData("state.db")]
    [InlineData("history.db")]
    public async Task A_file_that_is_missing_or_empty_beside_its_WAL_is_refused_and_the_WAL_kept(string file)
    {
        await RefusesAsync(work.Killed, file, "missing", File.Delete);
        await RefusesAsync(work.Killed, file, "empty", path => File.WriteAllBytes(path, []));
        await RefusesAsync(work.Killed, file, "one byte", path => File.WriteAllText(path, "x"));
    }

    [Theory]
    [InlineData("allinone.db")]
    [InlineData("state.db")]
    [InlineData("history.db")]
    public async Task A_file_that_is_empty_or_of_an_unknown_format_is_refused_without_a_WAL_too(string file)
    {
        await RefusesAsync(work.Stopped, file, "empty", path => File.WriteAllBytes(path, []));
        await RefusesAsync(work.Stopped, file, "unknown format", path => Write(path, 18, [9]));
        foreach (var length in new[] { 1, 2, 15, 16, 100, 511, 512, 4095 })
        {
            await RefusesAsync(work.Stopped, file, $"{length} bytes", path => Cut(path, length));
        }
    }

    [Theory]
    [InlineData("allinone.db")]
    [InlineData("state.db")]
    [InlineData("history.db")]
    public async Task A_directory_or_a_link_to_nowhere_in_the_place_of_a_file_is_named(string file)
    {
        await RefusesAsync(work.Stopped, file, "is a directory", path => Replace(path, Directory.CreateDirectory), "is a directory, not a file. Restore a backup with the command 'backup restore FILE'");
        await RefusesAsync(
            work.Stopped, file, "is a link", path => Replace(path, link => File.CreateSymbolicLink(link, "/nowhere.db")),
            "is a symbolic link to /nowhere.db, and must be the file itself. Restore a backup with the command 'backup restore FILE'");
    }

    [Theory]
    [InlineData("allinone.db")]
    [InlineData("state.db")]
    [InlineData("history.db")]
    public async Task A_WAL_whose_header_is_damaged_is_refused_and_kept(string file)
    {
        await RefusesAsync(work.Killed, file, "WAL of zeros", path => Write(path + "-wal", 0, new byte[Length(path + "-wal")]));
        await RefusesAsync(work.Killed, file, "WAL of text", path => File.WriteAllText(path + "-wal", new string('x', 5000)));
        await RefusesAsync(work.Killed, file, "checksum", path => Flip(path + "-wal", 24, 1));
    }

    [Theory]
    [InlineData("allinone.db")]
    [InlineData("state.db")]
    [InlineData("history.db")]
    public async Task A_database_of_another_program_is_refused(string file) =>
        await RefusesAsync(work.Stopped, file, "another program's", path =>
        {
            File.Delete(path);
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE theirs (x)";
            command.ExecuteNonQuery();
        }, "move the file away");

    [Fact]
    public void A_server_that_stopped_in_order_leaves_no_WAL() =>
        Assert.Equal(
            ["allinone.db", "history.db", "state.db"],
            Directory.EnumerateFiles(work.Stopped).Select(Path.GetFileName).Where(name => name!.Contains(".db", StringComparison.Ordinal)).Order());

    private static IEnumerable<(string Name, Action<string> Change)> Damages() =>
    [
        ("last page flipped", path => Flip(path, LastPage(path), 64)),
        ("zeros", path => Write(path, 0, new byte[Length(path)])),
        ("halved", path => Cut(path, Length(path) / 2)),
        ("last page missing", path => Cut(path, LastPage(path))),
        ("a part of the last page missing", path => Cut(path, (Length(path + "-wal") > 0 ? LastPage(path) : Length(path)) - 100)),
        ("text", path => File.WriteAllText(path, new string('x', 5000))),
    ];

    private static async Task RefusesAsync(string from, string file, string damage, Action<string> change, string remedy = "backup restore")
    {
        using var data = new TemporaryDirectory();
        foreach (var original in Directory.EnumerateFiles(from))
        {
            File.Copy(original, data[Path.GetFileName(original)]);
        }

        change(data[file]);
        var before = Databases(data.Path);
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync(
            ["--data", data.Path, "--urls", "http://127.0.0.1:0", "--Feeds:Xml:Listen=127.0.0.1:0", "--Serilog:MinimumLevel:Default=Fatal"],
            TextWriter.Null, error);

        Assert.True(code == 2, $"{damage}: exit code {code}");
        var line = Assert.Single(error.ToString().Trim().Split('\n'));
        Assert.StartsWith($"AllInOne: {data[file]} ", line, StringComparison.Ordinal);
        Assert.True(line.Contains(remedy, StringComparison.Ordinal), $"{damage}: {line}");
        Assert.Equal(before, Databases(data.Path));
    }

    /// <summary>Each database file and WAL with its content. Files that SQLite creates for itself (<c>-shm</c>, an empty WAL) do not count.</summary>
    private static SortedDictionary<string, string> Databases(string directory) => new(
        Directory.EnumerateFiles(directory)
            .Where(path => new FileInfo(path).LinkTarget is null)
            .Where(path => path.EndsWith(".db", StringComparison.Ordinal) || (path.EndsWith("-wal", StringComparison.Ordinal) && Length(path) > 0))
            .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));

    /// <summary>The begin of the last page that is not in the WAL too, because SQLite would read a page from the WAL.</summary>
    private static long LastPage(string path)
    {
        var log = File.Exists(path + "-wal") ? File.ReadAllBytes(path + "-wal") : [];
        var logged = Enumerable.Range(0, log.Length / (Page + 24))
            .Select(frame => (long)BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(32 + (frame * (Page + 24)))))
            .ToHashSet();
        var last = Length(path) / Page;
        while (logged.Contains(last))
        {
            last--;
        }

        return (last - 1) * Page;
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static void Replace(string path, Func<string, FileSystemInfo> make)
    {
        File.Delete(path);
        make(path);
    }

    private static void Cut(string path, long length)
    {
        using var stream = File.OpenWrite(path);
        stream.SetLength(length);
    }

    private static void Flip(string path, long at, int count)
    {
        var bytes = new byte[count];
        using (var stream = File.OpenRead(path))
        {
            stream.Position = at;
            stream.ReadExactly(bytes);
        }

        Write(path, at, [.. bytes.Select(value => (byte)~value)]);
    }

    private static void Write(string path, long at, byte[] bytes)
    {
        using var stream = File.OpenWrite(path);
        stream.Position = at;
        stream.Write(bytes);
    }
}
