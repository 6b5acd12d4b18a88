using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>What the guards around LiteDB promise: losses of power, full disks, damaged and foreign files.</summary>
public sealed class LiteGuardTests : IDisposable
{
    private const int Log = 2 * 4096;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("allinone-lite-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData(1, 60)]
    [InlineData(1_000, 60)]
    public void A_loss_of_power_loses_nothing_that_was_acknowledged(int firstSeed, int seeds) => LosePower(firstSeed, seeds);

    [Fact]
    [Trait("Category", "Long")]
    public void Thousands_of_losses_of_power_lose_nothing_that_was_acknowledged() => LosePower(100_000, 3_000);

    [Fact]
    public void A_disk_that_refuses_one_operation_loses_nothing_and_the_work_continues()
    {
        for (var failing = 1; failing <= 80; failing++)
        {
            var disk = new UnsafeDisk();
            using var work = new LiteFileAtWork(New(), new Random(failing), disk);
            var created = disk.Operations;
            disk.Fails = operation => operation == created + failing;
            for (var step = 0; step < 60; step++)
            {
                Try(work);
            }

            AssertContents(work, $"operation {failing}");
        }

        // An exception of a finalizer ends the process, and so the test run.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void A_disk_that_stays_full_stores_nothing_and_works_again_when_there_is_room()
    {
        var disk = new UnsafeDisk();
        using var work = new LiteFileAtWork(New(), new Random(1), disk);
        for (var round = 0; round < 10; round++)
        {
            disk.Fails = _ => false;
            for (var step = 0; step < 20; step++)
            {
                Try(work);
            }

            AssertContents(work, $"round {round}");
            disk.Fails = _ => true;
            for (var step = 0; step < 5; step++)
            {
                Try(work);
            }

            AssertContents(work, $"full in round {round}");
        }
    }

    [Fact]
    public void A_file_that_cannot_be_created_leaves_nothing_that_the_next_start_opens()
    {
        for (var failing = 1; ; failing++)
        {
            var disk = new UnsafeDisk { Fails = operation => operation == failing };
            var directory = New();
            try
            {
                LiteFile.Open(directory, 0, disk.Open).Dispose();
                Assert.True(failing > 5, "The creation has too few operations for this test.");
                return;
            }
            catch (StorageException refused)
            {
                Assert.DoesNotContain('\n', refused.Message);
            }

            using var next = new LiteFileAtWork(directory, new Random(failing));
            next.Step();
            AssertContents(next, $"operation {failing}");
        }
    }

    [Fact]
    public void A_log_that_is_damaged_anywhere_ends_before_the_damage()
    {
        var random = new Random(1);
        var directory = New();
        var states = new List<(long Log, Dictionary<string, string> Contents)>();
        using (var work = new LiteFileAtWork(directory, random))
        {
            states.Add((0, []));
            while (states.Count < 12)
            {
                work.Step();
                if (work.LogBytes < states[^1].Log)
                {
                    states.Clear();
                }

                states.Add((work.LogBytes, work.Acknowledged));
            }
        }

        var log = Path.Combine(directory, "documents.db-log");
        var whole = File.ReadAllBytes(log);
        for (var n = 0; n < 60; n++)
        {
            var damaged = whole.ToArray();
            var at = Log + random.Next((int)states[^1].Log);
            switch (n % 3)
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged = damaged[..at];
                    break;
                default:
                    damaged.AsSpan(at, Math.Min(600, damaged.Length - at)).Clear();
                    break;
            }

            File.WriteAllBytes(log, damaged);
            if (damaged.AsSpan().SequenceEqual(whole))
            {
                continue;
            }

            using var next = new LiteFileAtWork(directory, random);
            var expected = states.Last(state => Log + state.Log <= at).Contents;
            Assert.Equal(expected.OrderBy(one => one.Key), next.Contents().OrderBy(one => one.Key));
        }
    }

    [Fact]
    public void A_log_whose_heads_are_both_damaged_is_refused()
    {
        var directory = New();
        using (var work = new LiteFileAtWork(directory, new Random(2)))
        {
            work.Step();
        }

        var log = Path.Combine(directory, "documents.db-log");
        var bytes = File.ReadAllBytes(log);
        bytes.AsSpan(0, Log).Fill(7);
        File.WriteAllBytes(log, bytes);

        Assert.Contains("damaged", Assert.Throws<StorageException>(() => Open(directory)).Message);
    }

    [Fact]
    public void The_log_of_another_file_is_refused()
    {
        var (one, other) = (New(), New());
        foreach (var directory in new[] { one, other })
        {
            using var work = new LiteFileAtWork(directory, new Random(3));
            work.Step();
        }

        File.Copy(Path.Combine(one, "documents.db-log"), Path.Combine(other, "documents.db-log"), overwrite: true);

        Assert.Contains("another data file", Assert.Throws<StorageException>(() => Open(other)).Message);
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("no LiteDB at all", "no LiteDB")]
    public void A_file_that_is_none_of_LiteDB_is_refused_in_one_line(string content, string reason)
    {
        var directory = New();
        File.WriteAllText(Path.Combine(directory, "documents.db"), content);

        var refused = Assert.Throws<StorageException>(() => Open(directory));

        Assert.Contains(reason, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void An_encrypted_file_is_refused()
    {
        var directory = New();
        using (new LiteEngine(new EngineSettings { Filename = Path.Combine(directory, "documents.db"), Password = "secret" }))
        {
        }

        Assert.Contains("encrypted", Assert.Throws<StorageException>(() => Open(directory)).Message);
    }

    [Fact]
    public void A_file_in_use_is_refused()
    {
        var directory = New();
        using var held = LiteFile.Open(directory, 0, path => new FileIo(path));

        Assert.Contains("cannot be opened", Assert.Throws<StorageException>(() => Open(directory)).Message);
    }

    [Theory]
    [InlineData("documents.db")]
    [InlineData("documents.db-log")]
    public void A_file_that_is_deleted_or_replaced_is_noticed(string name)
    {
        var directory = New();
        using var file = LiteFile.Open(directory, 0, path => new FileIo(path));
        file.MustBeWhole();

        var path = Path.Combine(directory, name);
        File.WriteAllText(path + ".other", "another file");
        File.Move(path + ".other", path, overwrite: true);

        Assert.Throws<FileGoneException>(file.MustBeWhole);
    }

    private void LosePower(int firstSeed, int seeds)
    {
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            var random = new Random(seed);
            var disk = new UnsafeDisk();
            var (before, after) = (New(), New());
            var work = new LiteFileAtWork(before, random, disk);
            var last = disk.Operations + random.Next(1, 150);
            disk.Fails = operation => operation >= last;
            try
            {
                while (true)
                {
                    work.Step();
                }
            }
            catch (IOException)
            {
                disk.LosePower(after, random);
            }

            using (var next = new LiteFileAtWork(after, random))
            {
                var found = next.Contents();
                Assert.True(IsSame(found, work.Acknowledged) || (work.Begun is { } begun && IsSame(found, begun)), $"seed {seed}");
            }

            work.Dispose();
            Directory.Delete(before, recursive: true);
            Directory.Delete(after, recursive: true);
        }
    }

    private static void Try(LiteFileAtWork work)
    {
        try
        {
            work.Step();
        }
        catch (Exception refused) when (refused is IOException or LiteException)
        {
            work.Renew();
        }
    }

    // In a running process it is known which transactions are committed.
    private static void AssertContents(LiteFileAtWork work, string when) => Assert.True(IsSame(work.Contents(), work.Acknowledged), when);

    private static bool IsSame(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.OrderBy(each => each.Key).SequenceEqual(other.OrderBy(each => each.Key));

    private static void Open(string directory) => LiteFile.Open(directory, 0, path => new FileIo(path)).Dispose();

    private string New() => _root.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;
}
