using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Sqlite.Writing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Tests.Storage;

public sealed class SqliteFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("allinone-sqlite-").FullName;

    private string Path => System.IO.Path.Combine(_directory, "some.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Statements_of_dropped_tables_are_not_kept_without_end()
    {
        var file = File();
        file.Prepare();
        using var session = file.OpenWriter();
        session.Handle.enable_sqlite3_next_stmt(true);
        for (var n = 0; n < 3_000; n++)
        {
            session[$"SELECT {n}"].Rows(row => row.Int64(0));
        }

        var kept = 0;
        for (var statement = raw.sqlite3_next_stmt(session.Handle, null); statement is not null; statement = raw.sqlite3_next_stmt(session.Handle, statement))
        {
            kept++;
        }

        Assert.InRange(kept, 1, 1_000);
    }

    [Fact]
    public void Schema_steps_run_once_and_the_missing_ones_later()
    {
        File("CREATE TABLE a (x)").Prepare();
        var newer = File("CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO b VALUES (1)");
        newer.Prepare();
        newer.Prepare();

        using var session = newer.OpenReader();
        Assert.Equal([1L], session["SELECT count(*) FROM b"].Rows(row => row.Int64(0)));
        Assert.Equal([2L], session["PRAGMA user_version"].Rows(row => row.Int64(0)));
        Assert.Equal(["wal"], session["PRAGMA journal_mode"].Rows(row => row.Text(0)));
    }

    [Fact]
    public void File_from_before_its_writer_left_a_mark_gets_the_table_for_it_and_keeps_its_version()
    {
        File("CREATE TABLE a (x)").Prepare();
        using (var old = File("CREATE TABLE a (x)").OpenWriter())
        {
            old["DROP TABLE committed"].Run();
        }

        File("CREATE TABLE a (x)").Prepare();
        File("CREATE TABLE a (x)").Prepare();

        using var session = File("CREATE TABLE a (x)").OpenReader();
        Assert.Equal([0L], session["SELECT batch FROM committed"].Rows(row => row.Int64(0)));
        Assert.Equal([1L], session["PRAGMA user_version"].Rows(row => row.Int64(0)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ALTER TABLE committed ADD COLUMN wall INTEGER; ALTER TABLE committed ADD COLUMN ahead INTEGER")]
    public void File_whose_mark_has_not_all_of_the_clock_gets_the_columns_for_it_and_keeps_its_number(string columns)
    {
        File("CREATE TABLE a (x)").Prepare();
        using (var old = File("CREATE TABLE a (x)").OpenWriter())
        {
            old["DROP TABLE committed"].Run();
            old["CREATE TABLE committed (only INTEGER PRIMARY KEY CHECK (only = 1), batch INTEGER NOT NULL) STRICT"].Run();
            old["INSERT INTO committed VALUES (1, 7)"].Run();
            foreach (var column in columns.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                old[column].Run();
            }
        }

        File("CREATE TABLE a (x)").Prepare();
        File("CREATE TABLE a (x)").Prepare();

        using var session = File("CREATE TABLE a (x)").OpenReader();
        Assert.Equal([7L], session["SELECT batch FROM committed"].Rows(row => row.Int64(0)));
        Assert.Null(CommitMark.ClockOf(session));
    }

    [Fact]
    public void Failing_step_leaves_the_file_as_it_was()
    {
        File("CREATE TABLE a (x)").Prepare();

        var failure = Assert.Throws<StorageException>(
            () => File("CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE b (x)").Prepare());

        Assert.Contains(Path, failure.Message, StringComparison.Ordinal);
        using var session = File("CREATE TABLE a (x)").OpenReader();
        Assert.Equal([1L], session["PRAGMA user_version"].Rows(row => row.Int64(0)));
        Assert.Equal([0L], session["SELECT count(*) FROM sqlite_schema WHERE name = 'b'"].Rows(row => row.Int64(0)));
    }

    [Fact]
    public void File_of_a_newer_version_is_refused_by_name_and_left_untouched()
    {
        File("CREATE TABLE a (x)", "CREATE TABLE b (x)").Prepare();
        var before = System.IO.File.ReadAllBytes(Path);

        var refusal = Assert.Throws<NewerSchemaException>(() => File("CREATE TABLE a (x)").Prepare());

        Assert.Equal((Path, 2, 1), (refusal.Path, refusal.Found, refusal.Known));
        Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(Path));
    }

    [Fact]
    public void File_that_is_no_database_is_refused_in_one_line()
    {
        System.IO.File.WriteAllText(Path, new string('x', 5000));

        var refusal = Assert.Throws<StorageException>(() => File("CREATE TABLE a (x)").Prepare());

        Assert.Equal($"{Path} is damaged: SQLite Error 26: 'file is not a database'. {SqliteFault.Remedy}", refusal.Message);
    }

    [Fact]
    public void Header_with_any_byte_damaged_is_refused_with_the_remedy_unless_the_file_can_be_used()
    {
        File("CREATE TABLE a (x)", "CREATE TABLE b (x)").Prepare();
        var whole = System.IO.File.ReadAllBytes(Path);
        for (var at = 0; at < 100; at++)
        {
            foreach (var value in new byte[] { 0, 1, 9, 0xff })
            {
                System.IO.File.WriteAllBytes(Path, [.. whole[..at], value, .. whole[(at + 1)..]]);
                var file = File("CREATE TABLE a (x)", "CREATE TABLE b (x)");
                try
                {
                    file.Check(long.MaxValue);
                    file.Prepare();
                    file.OpenWriter().Dispose();
                }
                catch (StorageException refusal)
                {
                    Assert.True(
                        refusal is NewerSchemaException
                        || refusal.Message.Contains("backup restore FILE", StringComparison.Ordinal)
                        || refusal.Message.Contains("move the file away", StringComparison.Ordinal),
                        $"byte {at} is {value}: {refusal.Message}");
                }
            }
        }
    }

    [Fact]
    public void Link_to_a_file_is_refused_because_its_WAL_would_be_elsewhere()
    {
        File("CREATE TABLE a (x)").Prepare();
        var target = System.IO.Path.Combine(_directory, "elsewhere.db");
        System.IO.File.Move(Path, target);
        System.IO.File.CreateSymbolicLink(Path, target);

        var refused = Assert.ThrowsAny<StorageException>(() => File("CREATE TABLE a (x)").Check(long.MaxValue));
        Assert.Contains("is a symbolic link", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void File_that_must_not_be_written_is_refused_with_the_remedy()
    {
        File("CREATE TABLE a (x)").Prepare();
        System.IO.File.SetUnixFileMode(_directory, (UnixFileMode)0b111_111_111);
        System.IO.File.SetUnixFileMode(Path, (UnixFileMode)0b100_100_100);

        UnprivilegedThread.Run(() =>
        {
            var refusal = Assert.Throws<StorageException>(() => File("CREATE TABLE a (x)").Check(long.MaxValue));
            Assert.EndsWith("Give the server's user the right to read and write it", refusal.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void File_that_was_deleted_is_not_created_again()
    {
        var file = File("CREATE TABLE a (x)");
        file.Prepare();
        System.IO.File.Delete(Path);

        Assert.Throws<FileGoneException>(file.OpenWriter);
        Assert.False(System.IO.File.Exists(Path));
    }

    [Fact]
    public async Task Readers_close_a_file_that_was_replaced()
    {
        var file = File("CREATE TABLE a (x); INSERT INTO a VALUES (1)");
        file.Prepare();
        using var readers = new SqliteReaders(file, new StorageOptions());
        Assert.Equal(1, await readers.ReadAsync(Count, CancellationToken.None));

        System.IO.File.Delete(Path);
        File("CREATE TABLE a (x)").Prepare();
        file.Renew();

        Assert.Equal(0, await readers.ReadAsync(Count, CancellationToken.None));
    }

    [Fact]
    public void Reader_cannot_write()
    {
        var file = File("CREATE TABLE a (x)");
        file.Prepare();
        using var session = file.OpenReader();

        Assert.Throws<SqliteException>(() => session["INSERT INTO a VALUES (1)"].Run());
    }

    [Fact]
    public void Text_is_kept_whole_and_empty_text_is_no_null()
    {
        var file = File("CREATE TABLE a (x TEXT NOT NULL) STRICT");
        file.Prepare();
        var texts = new[] { "", "ä€🙂", new string('é', 5000) };
        using var session = file.OpenWriter();
        foreach (var text in texts)
        {
            session["INSERT INTO a VALUES (?1)"].Bind(1, text).Run();
        }

        session["INSERT INTO a VALUES (?1)"].Bind(1, ReadOnlySpan<byte>.Empty).Run();

        Assert.Equal([.. texts, ""], session["SELECT x FROM a ORDER BY rowid"].Rows(row => row.Text(0)));
    }

    private static long Count(SqliteSession session) => session["SELECT count(*) FROM a"].Rows(row => row.Int64(0)).Single();

    private SqliteFile File(params string[] steps) => new(Path, new SqliteSchema(steps), Durability.Normal);
}
