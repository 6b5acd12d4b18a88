using System.Reflection;
using System.Runtime.CompilerServices;
using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using AllInOne.Core.Tests.Storage;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>
/// The disk is full, or a sync fails, at each call in turn. Nothing acknowledged is lost, and work continues when the disk has room, on the same open
/// file.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory["documents.db"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("write")]
    [InlineData("sync")]
    public void Creation_that_fails_at_any_call_can_be_repeated(string kind)
    {
        var failures = 0;
        while (true)
        {
            var disk = new TestDisk { Before = TestDisk.Failing(kind, failures + 1) };
            try
            {
                LiteFile.Open(Path, disk.Open).Dispose();
                break;
            }
            catch (StorageException failure)
            {
                Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
                Assert.False(File.Exists(Path));
                failures++;
            }
        }

        CollectGarbage();
        Assert.InRange(failures, 3, 20);
        Assert.Equal(["documents.db", "documents.db-log"], Names());
        new LiteWork(Path).Verify("created");
    }

    [Theory]
    [InlineData("write", 0)]
    [InlineData("write", 1)]
    [InlineData("sync", 0)]
    [InlineData("sync", 1)]
    public void Commit_and_checkpoint_that_fail_at_any_call_lose_nothing_acknowledged(string kind, int lasting)
    {
        var disk = new TestDisk();
        var work = new LiteWork(Path);
        using var file = LiteFile.Open(Path, disk.Open);
        var random = new Random(7);
        var engine = file.OpenEngine();
        var faults = 0;
        for (var at = 1; at <= 60; at++)
        {
            var from = (kind == "write" ? disk.Writes : disk.Syncs) + at;
            var once = TestDisk.Failing(kind, from);
            disk.Before = (it, call) =>
            {
                try
                {
                    once(it, call);
                }
                catch (IOException) when (lasting == 0)
                {
                    disk.Before = null;
                    throw;
                }
            };
            StorageException? failure = null;
            for (var n = 0; n < 6 && failure is null; n++)
            {
                failure = Attempt(() => work.Transact(engine, random)) ?? (n % 3 == 2 ? Attempt(engine.Checkpoint) : null);
            }

            disk.Before = null;
            if (failure is not null)
            {
                faults++;
                Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', failure.Message);
                Assert.NotNull(engine.Fault);
                Assert.Throws(failure.GetType(), engine.Commit);
                engine.Dispose();
                engine = file.OpenEngine();
                // The same process knows what was acknowledged: the failed transaction is not there.
                Assert.Equal(work.Acknowledged, LiteWork.Read(engine));
            }
        }

        engine.Dispose();
        CollectGarbage();
        Assert.InRange(faults, 5, 60);
        file.Dispose();
        work.Verify(kind);
    }

    [Fact]
    public void Engine_that_failed_within_a_transaction_does_not_end_the_process()
    {
        var disk = new TestDisk();
        using var file = LiteFile.Open(Path, disk.Open);
        Fill(file);
        for (var n = 0; n < 20; n++)
        {
            FailWithinTransaction(disk, file);
            CollectGarbage();
        }

        using var engine = file.OpenEngine();
        Assert.Equal(300, LiteWork.Read(engine).Count);
    }

    [Fact]
    public void Transaction_whose_disposal_throws_does_not_end_the_process()
    {
        using var file = LiteFile.Open(Path);
        Fill(file);
        var left = DisposeBrokenTransaction(file);
        CollectGarbage();

        // If the thread still had the engine, the finalizer would run later, and the memory would be lost until then.
        Assert.False(left.IsAlive);
        using var engine = file.OpenEngine();
        Assert.Equal(300, LiteWork.Read(engine).Count);
    }

    [Fact]
    public void Damaged_page_is_an_error_and_LiteDB_does_not_mark_the_file()
    {
        using (var file = LiteFile.Open(Path))
        {
            Fill(file);
        }

        var bytes = File.ReadAllBytes(Path);
        for (var page = 1; page < bytes.Length / 8192; page++)
        {
            bytes[(page * 8192) + 4] = 9;
        }

        File.WriteAllBytes(Path, bytes);
        using (var file = LiteFile.Open(Path))
        {
            using var engine = file.OpenEngine();
            Assert.Throws<LiteException>(() => LiteWork.Read(engine));
        }

        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Read_that_fails_is_a_fault_and_not_an_empty_page()
    {
        var disk = new TestDisk();
        using var file = LiteFile.Open(Path, disk.Open);
        Fill(file);
        using var engine = file.OpenEngine();
        disk.BeforeRead = name => throw new IOException($"broken {name}");

        Assert.ThrowsAny<Exception>(() => LiteWork.Read(engine));

        Assert.Contains("broken documents.db", engine.Fault?.Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(engine.Commit);
        disk.BeforeRead = null;
    }

    [Fact]
    public void Data_file_that_ends_within_a_page_is_a_fault()
    {
        using (var file = LiteFile.Open(Path))
        {
            Fill(file);
        }

        using (var cut = File.Open(Path, FileMode.Open))
        {
            cut.SetLength(cut.Length - (5 * 8192) - 100);
        }

        using var again = LiteFile.Open(Path);
        using var engine = again.OpenEngine();

        Assert.ThrowsAny<Exception>(() => LiteWork.Read(engine));
        Assert.Contains("ends before", engine.Fault?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commit_that_LiteDB_has_dropped_is_not_acknowledged()
    {
        using var file = LiteFile.Open(Path);
        Fill(file);
        using (var engine = file.OpenEngine())
        {
            engine.Engine.BeginTrans();
            LimitPages(engine, 1);

            // The last one does not exist, so LiteDB has written all pages before the commit, and confirms none.
            engine.Engine.Update("docs", Enumerable.Range(0, 301).Select(id => LiteWork.Document(id, new string('y', 2_000))));

            Assert.Contains("has not confirmed", Assert.Throws<StorageException>(engine.Commit).Message, StringComparison.Ordinal);
        }

        using var next = file.OpenEngine();
        Assert.All(LiteWork.Read(next).Values, text => Assert.Equal('x', text[0]));
    }

    [Fact]
    public void Transaction_larger_than_the_memory_of_LiteDB_is_committed_or_rolled_back_as_a_whole()
    {
        using var file = LiteFile.Open(Path);
        Fill(file);
        using (var engine = file.OpenEngine())
        {
            foreach (var (letter, commit) in (ReadOnlySpan<(char, bool)>)[('y', true), ('z', false)])
            {
                engine.Engine.BeginTrans();
                LimitPages(engine, 1);
                engine.Engine.Update("docs", Enumerable.Range(0, 300).Select(id => LiteWork.Document(id, new string(letter, 3_000))));
                if (commit)
                {
                    engine.Commit();
                }
                else
                {
                    engine.Engine.Rollback();
                }
            }
        }

        using var next = file.OpenEngine();
        Assert.All(LiteWork.Read(next).Values, text => Assert.Equal('y', text[0]));
    }

    [SmallDiskFact]
    public void Really_full_disk_loses_nothing_acknowledged()
    {
        using var disk = new SmallDisk("4m");
        var path = System.IO.Path.Combine(disk.Path, "documents.db");
        var work = new LiteWork(path);
        using (var file = LiteFile.Open(path))
        {
            var random = new Random(3);
            var engine = file.OpenEngine();
            for (var round = 0; round < 8; round++)
            {
                StorageException? failure = null;
                for (var n = 0; failure is null; n++)
                {
                    if (n == 5)
                    {
                        disk.Fill();
                    }

                    failure = Attempt(() => work.Transact(engine, random)) ?? (n % 4 == round % 4 ? Attempt(engine.Checkpoint) : null);
                }

                Assert.Contains("space", failure.Message, StringComparison.Ordinal);
                engine.Dispose();
                disk.Free();
                engine = file.OpenEngine();
                Assert.Equal(work.Acknowledged, LiteWork.Read(engine));
            }

            engine.Dispose();
        }

        CollectGarbage();
        work.Verify("full");
    }

    private static StorageException? Attempt(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (StorageException failure)
        {
            return failure;
        }
    }

    private static void Fill(LiteFile file)
    {
        using var engine = file.OpenEngine();
        engine.Engine.BeginTrans();
        engine.Engine.EnsureIndex("docs", "length", BsonExpression.Create("$.length"), false);
        engine.Engine.Insert("docs", Enumerable.Range(0, 300).Select(id => LiteWork.Document(id, new string('x', 2_000))), BsonAutoId.Int32);
        engine.Commit();
        engine.Checkpoint();
    }

    // LiteDB writes the pages of a transaction to the log before the commit when they are more than 100,000.
    private static void LimitPages(GuardedEngine engine, int pages)
    {
        const BindingFlags hidden = BindingFlags.Instance | BindingFlags.NonPublic;
        var monitor = typeof(LiteEngine).GetField("_monitor", hidden)!.GetValue(engine.Engine)!;
        monitor.GetType().GetField("_freePages", hidden)!.SetValue(monitor, 0);
        var transaction = Assert.Single(EngineInternals.Open(engine.Engine).Cast<object>());
        transaction.GetType().GetProperty("MaxTransactionSize")!.SetValue(transaction, pages);
    }

    // In a method of its own, so that no local variable keeps the engine.
    private static void FailWithinTransaction(TestDisk disk, LiteFile file)
    {
        var engine = file.OpenEngine();
        engine.Engine.BeginTrans();
        engine.Engine.Upsert("docs", [LiteWork.Document(1, "changed")], BsonAutoId.Int32);
        var reader = engine.Engine.Query("docs", new Query());
        reader.Read();
        disk.BeforeRead = name => throw new IOException($"broken {name}");
        Assert.ThrowsAny<Exception>(() => engine.Engine.Update("docs", Enumerable.Range(0, 300).Select(id => LiteWork.Document(id, new string('y', 3_000)))));
        disk.BeforeRead = null;
        engine.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference DisposeBrokenTransaction(LiteFile file)
    {
        var engine = file.OpenEngine();
        engine.Engine.BeginTrans();
        engine.Engine.Upsert("docs", [LiteWork.Document(1, "changed")], BsonAutoId.Int32);
        var transaction = Assert.Single(EngineInternals.Open(engine.Engine).Cast<object>());
        transaction.GetType().GetField("_reader", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(transaction, null);
        engine.Dispose();
        return new WeakReference(engine.Engine);
    }

    private static void CollectGarbage()
    {
        for (var n = 0; n < 2; n++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private IEnumerable<string> Names() => Directory.GetFiles(_directory.Path).Select(file => System.IO.Path.GetFileName(file)!).Order();
}
