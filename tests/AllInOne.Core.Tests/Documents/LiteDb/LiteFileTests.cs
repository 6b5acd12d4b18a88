using System.Text;
using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>The opening of the data file: what is created, and which files are refused with which line.</summary>
public sealed class LiteFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory["documents.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void New_file_belongs_to_its_owner_compares_ordinally_and_makes_no_checkpoint_by_itself()
    {
        using var file = LiteFile.Open(Path);
        using var engine = file.OpenEngine();

        Assert.Equal("/Ordinal", engine.Engine.Pragma(Pragmas.COLLATION).AsString);
        Assert.Equal(0, engine.Engine.Pragma(Pragmas.CHECKPOINT).AsInt32);
        Assert.Equal(file.Id.Number, engine.Engine.Pragma(Pragmas.USER_VERSION).AsInt32);
        Assert.InRange(new DateTime(file.Id.Created, DateTimeKind.Utc), DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path + "-log"));
        }
    }

    [Fact]
    public void No_other_file_appears_also_not_for_a_large_sort()
    {
        var temporary = Directory.GetFiles(System.IO.Path.GetTempPath(), "litedb_*").Length;
        using (var file = LiteFile.Open(Path))
        {
            using var engine = file.OpenEngine();
            engine.Engine.BeginTrans();
            engine.Engine.Insert("docs", Enumerable.Range(0, 6_000).Select(id => LiteWork.Document(id, new string((char)('a' + (id % 20)), 200))), BsonAutoId.Int32);
            engine.Commit();
            var query = new Query { OrderBy = BsonExpression.Create("$.text") };
            using var reader = engine.Engine.Query("docs", query);
            while (reader.Read())
            {
                Assert.Equal(2, Directory.GetFiles(_directory.Path).Length);
            }
        }

        Assert.Equal(2, Directory.GetFiles(_directory.Path).Length);
        Assert.Equal(temporary, Directory.GetFiles(System.IO.Path.GetTempPath(), "litedb_*").Length);
    }

    [Fact]
    public void Second_opening_is_refused()
    {
        using var file = LiteFile.Open(Path);
        Assert.Contains("being used by another process", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Deleted_or_replaced_file_is_noticed()
    {
        foreach (var name in (string[])[Path, Path + "-log"])
        {
            using var file = LiteFile.Open(Path);
            Assert.True(file.IsWhole);
            File.Move(name, name + "-away");
            Assert.False(file.IsWhole);
            File.WriteAllText(name, "another");
            Assert.False(file.IsWhole);
            Assert.Equal(name, Assert.Throws<FileGoneException>(() => file.OpenEngine()).Path);
            File.Move(name + "-away", name, overwrite: true);
            Assert.True(file.IsWhole);
        }
    }

    [Fact]
    public void Directory_in_the_place_of_a_file_is_refused()
    {
        Directory.CreateDirectory(Path);
        Assert.Contains("is a directory", Refusal(), StringComparison.Ordinal);
        Directory.Delete(Path);

        LiteFile.Open(Path).Dispose();
        File.Delete(Path + "-log");
        Directory.CreateDirectory(Path + "-log");
        Assert.Contains("documents.db-log is a directory", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_of_LiteDB_4_is_refused() => Refuse(Bytes((25, "** This is a LiteDB file **\u0007")), "LiteDB 4");

    [Fact]
    public void Encrypted_file_is_refused()
    {
        using (var engine = new LiteEngine(new EngineSettings { Filename = Path, Password = "secret" }))
        {
            engine.Insert("docs", [new BsonDocument()], BsonAutoId.ObjectId);
        }

        File.Delete(Path + "-log");
        File.WriteAllBytes(Path + "-log", []);
        Assert.Contains("is encrypted", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_another_program_created_is_refused()
    {
        using (var engine = new LiteEngine(Path))
        {
            engine.Insert("docs", [new BsonDocument()], BsonAutoId.ObjectId);
        }

        Assert.Contains("not created by this server", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_of_another_format_is_refused() => Refuse(Bytes((0, "SQLite format 3")), "no database of LiteDB");

    [Fact]
    public void Empty_file_is_refused() => Refuse([], "it is empty");

    [Fact]
    public void Short_file_is_refused() => Refuse(new byte[100], "it is cut off");

    [Fact]
    public void Blank_file_is_refused() => Refuse(new byte[8192], "no database of LiteDB");

    [Fact]
    public void Damaged_header_page_is_one_line_or_harmless()
    {
        using (var file = LiteFile.Open(Path))
        {
            using var engine = file.OpenEngine();
            engine.Engine.BeginTrans();
            engine.Engine.Insert("docs", [LiteWork.Document(1, "text")], BsonAutoId.Int32);
            engine.Commit();
            engine.Checkpoint();
        }

        var whole = File.ReadAllBytes(Path);
        var log = File.ReadAllBytes(Path + "-log");
        var refused = 0;
        for (var at = 0; at < 300; at++)
        {
            var bytes = whole.ToArray();
            bytes[at] ^= 0xff;
            File.WriteAllBytes(Path, bytes);
            try
            {
                using var file = LiteFile.Open(Path);
                using var engine = file.OpenEngine();
            }
            catch (StorageException failure)
            {
                refused++;
                Assert.DoesNotContain('\n', failure.Message);
                Assert.StartsWith(Path, failure.Message, StringComparison.Ordinal);
            }

            // A refused file is left unchanged.
            Assert.Equal(bytes, File.ReadAllBytes(Path));
            Assert.Equal(log, File.ReadAllBytes(Path + "-log"));
        }

        Assert.InRange(refused, 40, 300);
    }

    [Fact]
    public void File_that_must_not_be_written_is_refused()
    {
        LiteFile.Open(Path).Dispose();
        if (!SmallDisk.TrySetReadOnly(Path, on: true))
        {
            return;
        }

        try
        {
            Assert.Contains("cannot be opened", Refusal(), StringComparison.Ordinal);
        }
        finally
        {
            SmallDisk.TrySetReadOnly(Path, on: false);
        }
    }

    [Fact]
    public void Hidden_fields_of_LiteDB_are_the_known_ones()
    {
        Assert.True(EngineInternals.AreKnown);
        using var engine = new LiteEngine();
        engine.BeginTrans();
        var transaction = Assert.Single(EngineInternals.Open(engine).Cast<object>());
        Assert.Equal("TransactionService", transaction.GetType().Name);
        engine.Rollback();
        Assert.Empty(EngineInternals.Open(engine));
    }

    private static byte[] Bytes((int At, string Text) part)
    {
        var bytes = new byte[8192];
        Encoding.ASCII.GetBytes(part.Text).CopyTo(bytes, part.At);
        return bytes;
    }

    private void Refuse(byte[] bytes, string line)
    {
        LiteFile.Open(Path).Dispose();
        File.WriteAllBytes(Path, bytes);
        Assert.Contains(line, Refusal(), StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    private string Refusal()
    {
        var refusal = Assert.Throws<StorageException>(() => LiteFile.Open(Path)).Message;
        Assert.DoesNotContain('\n', refusal);
        return refusal;
    }
}
