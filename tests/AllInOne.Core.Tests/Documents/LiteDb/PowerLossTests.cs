namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>The power fails at a random call to the disk; of what was not synced, a random part survives.</summary>
public sealed class PowerLossTests
{
    [Fact]
    public void Acknowledged_transactions_survive_and_others_are_whole_or_absent() => Run(0, 150);

    [Fact]
    [Trait("Category", "Long")]
    public void Acknowledged_transactions_survive_many_losses() => Run(1_000, 5_000);

    /// <summary>After a failed sync, the file shows what is not on the disk. The next process must not build on it.</summary>
    [Fact]
    public void Power_loss_after_a_failed_sync_and_a_new_process_loses_nothing_acknowledged()
    {
        var failures = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            using var directory = new TemporaryDirectory();
            var random = new Random(seed);
            var work = new LiteWork(directory["documents.db"]);
            var disk = new TestDisk();
            Assert.Null(work.Run(disk, random, random.Next(12)));
            disk.Before = TestDisk.Failing("sync", disk.Syncs + random.Next(1, 8));
            failures += work.Run(disk, random, 12) is null ? 0 : 1;
            disk.Before = null;

            work.Verify($"seed {seed}: new process", disk);
            Assert.Null(work.Run(disk, random, random.Next(1, 6)));
            disk.LosePowerAt(disk.Calls + random.Next(1, 9));
            work.Run(disk, random, 12);
            disk.LosePower(random);

            work.Verify($"seed {seed}");
        }

        Assert.InRange(failures, 100, 150);
    }

    private static void Run(int first, int count)
    {
        var losses = 0;
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            using var directory = new TemporaryDirectory();
            var random = new Random(seed);
            var work = new LiteWork(directory["documents.db"]);
            Assert.Null(work.Run(new TestDisk(), random, random.Next(5)));
            for (var round = 0; round < 6; round++)
            {
                var disk = new TestDisk();
                disk.LosePowerAt(random.Next(2, random.Next(2) == 0 ? 120 : 25));
                var failure = work.Run(disk, random, 1_000);
                Assert.NotNull(failure);
                disk.LosePower(random);
                work.Verify($"seed {seed} round {round}", checkpoint: random.Next(2) == 0);
                Interlocked.Increment(ref losses);
            }
        });

        Assert.Equal(6 * count, losses);
    }
}
