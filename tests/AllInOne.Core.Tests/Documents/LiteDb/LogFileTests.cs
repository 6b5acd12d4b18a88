using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>Logs that are damaged, cut, missing or of another file.</summary>
public sealed class LogFileTests : IDisposable
{
    private const int Transactions = 12;

    private readonly TemporaryDirectory _directory = new();
    private readonly List<(long End, Dictionary<int, string> Documents)> _history = [];

    private string Path => _directory["documents.db"];

    private string Log => Path + "-log";

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(400)]
    public void Flipped_byte_loses_no_transaction_before_it(int count) => Damage(count, (bytes, at, random) =>
    {
        bytes[at] ^= (byte)(1 << random.Next(8));
        return bytes;
    });

    [Theory]
    [InlineData(200)]
    public void Zeroed_block_loses_no_transaction_before_it(int count) => Damage(count, (bytes, at, random) =>
    {
        bytes.AsSpan(at, Math.Min(random.Next(1, 10_000), bytes.Length - at)).Clear();
        return bytes;
    });

    [Theory]
    [InlineData(200)]
    public void Cut_log_loses_no_transaction_before_the_cut(int count) => Damage(count, (bytes, at, _) => bytes[..at]);

    [Fact]
    public void Either_copy_of_the_header_is_enough()
    {
        Record();
        foreach (var slot in (int[])[0, 1])
        {
            var whole = File.ReadAllBytes(Log);
            var bytes = whole.ToArray();
            bytes.AsSpan(slot * 4096, 4096).Fill(7);
            File.WriteAllBytes(Log, bytes);
            Assert.Equal(_history[^1].Documents, Read());
            File.WriteAllBytes(Log, whole);
        }
    }

    [Fact]
    public void Log_without_a_header_is_refused()
    {
        Record();
        var bytes = File.ReadAllBytes(Log);
        bytes.AsSpan(0, 8192).Clear();
        File.WriteAllBytes(Log, bytes);

        Assert.Contains("both copies of its header", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_that_is_cut_within_its_header_is_refused()
    {
        Record();
        File.WriteAllBytes(Log, File.ReadAllBytes(Log)[..5_000]);

        Assert.Contains("is cut off", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_of_another_data_file_is_refused()
    {
        Record();
        var other = _directory["other.db"];
        LiteFile.Open(other).Dispose();
        var before = File.ReadAllBytes(Path);
        File.Copy(other + "-log", Log, overwrite: true);

        Assert.Contains("belongs to another data file", Refusal(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Missing_log_is_refused()
    {
        LiteFile.Open(Path).Dispose();
        File.Delete(Log);

        Assert.Contains("documents.db-log is missing", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_data_file_of_a_log_with_transactions_is_refused()
    {
        Record();
        File.Delete(Path);

        Assert.Contains("documents.db is missing, but documents.db-log is there", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Remains_of_an_interrupted_creation_are_deleted()
    {
        LiteFile.Open(Path).Dispose();
        File.Move(Path, Path + ".new");

        LiteFile.Open(Path).Dispose();

        Assert.False(File.Exists(Path + ".new"));
    }

    [Fact]
    public void Log_is_cut_after_a_checkpoint_only_above_its_bound()
    {
        using var file = LiteFile.Open(Path);
        using var engine = file.OpenEngine();
        Write(engine, 100_000);
        engine.Checkpoint();
        var small = new FileInfo(Log).Length;
        Write(engine, 40_000_000);
        engine.Checkpoint();

        Assert.InRange(small, 100_000, LogFile.KeptBytes);
        Assert.Equal(LogFile.KeptBytes, new FileInfo(Log).Length);
        Assert.Equal(0, file.Log.Count);
    }

    [Fact]
    public void Records_of_an_earlier_run_are_checkpointed_before_the_next_commit()
    {
        Record();
        using var file = LiteFile.Open(Path);
        using (var engine = file.OpenEngine())
        {
            Assert.True(engine.NeedsCheckpoint);
            Assert.Contains("a checkpoint is needed", Assert.Throws<StorageException>(() => Write(engine, 10)).Message, StringComparison.Ordinal);
        }

        using var next = file.OpenEngine();
        next.Checkpoint();
        Write(next, 10);
        Assert.False(next.NeedsCheckpoint);
    }

    private static void Write(GuardedEngine engine, int size)
    {
        engine.Engine.BeginTrans();
        var ids = Enumerable.Range(0, Math.Max(1, size / 50_000));
        engine.Engine.Upsert("docs", ids.Select(id => LiteWork.Document(id, new string('z', Math.Min(size, 50_000)))), LiteDB.BsonAutoId.Int32);
        engine.Commit();
    }

    // After a checkpoint, so that the file has the records of an earlier header behind the last one.
    private void Record()
    {
        var work = new LiteWork(Path);
        var random = new Random(5);
        Assert.Null(work.Run(new TestDisk(), random, 20));
        using var file = LiteFile.Open(Path);
        using var engine = file.OpenEngine();
        engine.Checkpoint();
        _history.Add((file.Log.UsedBytes, work.Acknowledged));
        while (_history.Count <= Transactions)
        {
            work.Transact(engine, random);
            _history.Add((file.Log.UsedBytes, work.Acknowledged));
        }
    }

    private void Damage(int count, Func<byte[], int, Random, byte[]> damage)
    {
        Record();
        var data = File.ReadAllBytes(Path);
        var log = File.ReadAllBytes(Log);
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var at = random.Next(random.Next(10) == 0 ? 8192 : (int)_history[^1].End);
            File.WriteAllBytes(Log, damage([.. log], at, random));
            File.WriteAllBytes(Path, data);
            try
            {
                var found = Read();
                var last = _history.FindLastIndex(state => Same(found, state.Documents));
                Assert.True(last >= Math.Max(0, _history.FindLastIndex(state => state.End <= at)), $"seed {seed}: {at}");
            }
            catch (StorageException refused)
            {
                Assert.True(at < 8192, refused.Message);
                Assert.DoesNotContain('\n', refused.Message);
            }
        }
    }

    private static bool Same(Dictionary<int, string> one, Dictionary<int, string> other) => one.Count == other.Count && !one.Except(other).Any();

    private Dictionary<int, string> Read()
    {
        using var file = LiteFile.Open(Path);
        using var engine = file.OpenEngine();
        return LiteWork.Read(engine);
    }

    private string Refusal()
    {
        var refusal = Assert.Throws<StorageException>(() => LiteFile.Open(Path)).Message;
        Assert.DoesNotContain('\n', refusal);
        return refusal;
    }
}
