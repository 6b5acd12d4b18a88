using Akka.Actor;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Storage.Writing;

public sealed class WriterActorTests
{
    [Fact]
    public async Task Idle_writer_commits_each_row_at_once()
    {
        await using var storage = new StorageAtWork().Started();
        var probe = storage.Probe();
        await storage.Settled();
        var before = storage.Store.Figures;

        for (var seq = 1; seq <= 5; seq++)
        {
            storage.Append(seq, "sensor.a", seq, new Receipt(probe.Ref, seq));
            Assert.Equal([seq], (await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        }

        var after = storage.Store.Figures;
        Assert.Equal((5, 5), (after.Rows - before.Rows, after.Transactions - before.Transactions));
        Assert.InRange(after.CommitP50Ms, 0.001, after.CommitP99Ms);
    }

    [Fact]
    public async Task Rows_that_come_while_a_batch_is_committed_become_the_next_one()
    {
        await using var storage = new StorageAtWork().Started();
        await storage.Settled();
        using var commit = new HeldCommit();
        storage.Enqueue(commit);
        await commit.Begun;
        for (var seq = 1; seq <= 1000; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
        }

        var before = storage.Store.Figures;
        Assert.Equal(1001, before.QueueRows);
        commit.Release();
        await storage.Settled();

        var after = storage.Store.Figures;
        Assert.Equal((1001, 2), (after.Rows - before.Rows, after.Transactions - before.Transactions));
        Assert.Equal((0, 0), (after.QueueRows, after.QueueBytes));
        Assert.True(after.RowsPerTransaction > 100);
    }

    [Fact]
    public async Task Receipts_come_once_per_target_and_batch_in_order_and_a_failing_row_alone()
    {
        await using var storage = new StorageAtWork();
        var (one, two) = (storage.Probe(), storage.Probe());
        for (var seq = 1; seq <= 10; seq++)
        {
            storage.Append(seq, "sensor.a", seq, new Receipt((seq % 2 == 0 ? two : one).Ref, seq * 10));
        }

        storage.Enqueue(new RefusedRow(new Receipt(one.Ref, 111)));
        storage.Store.Barrier(new Receipt(one.Ref, 120));
        storage.Append(11, "sensor.a", 11);

        storage.Started();

        Assert.Equal(new ReceiptFailed(111, "this row is wrong"), await one.ExpectMsgAsync<ReceiptFailed>(StorageAtWork.Patience));
        Assert.Equal([10L, 30, 50, 70, 90, 120], (await one.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        Assert.Equal([20L, 40, 60, 80, 100], (await two.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        Assert.Equal(11, (await storage.Events()).Count);
    }

    [Fact]
    public async Task Read_sees_the_operations_that_were_queued_before_it()
    {
        await using var storage = new StorageAtWork().Started();
        var probe = storage.Probe();
        var id = StorageAtWork.Id("sensor.b");
        storage.Append(1, "sensor.a", 1);
        storage.Append(2, "sensor.b", 7);
        storage.Store.ReadEntity(id, probe.Ref);
        storage.Store.ReadEntityIds(probe.Ref);
        storage.AppendDeletion(3, "sensor.b", 8);
        storage.Store.ReadEntity(id, probe.Ref);
        storage.Store.ReadEntityIds(probe.Ref);

        var there = await probe.ExpectMsgAsync<EntityRead>(StorageAtWork.Patience);
        Assert.Equal((id, 7), (there.Id, there.Row!.Version));
        Assert.Equal(StorageAtWork.Event(2, "sensor.b", 7).Data.ToArray(), there.Row.Data!.Value.ToArray());
        Assert.Equal([StorageAtWork.Id("sensor.a"), id], (await probe.ExpectMsgAsync<EntityIdsRead>(StorageAtWork.Patience)).Ids);
        Assert.Equal(new EntityRead(id, null), await probe.ExpectMsgAsync<EntityRead>(StorageAtWork.Patience));
        Assert.Equal([StorageAtWork.Id("sensor.a")], (await probe.ExpectMsgAsync<EntityIdsRead>(StorageAtWork.Patience)).Ids);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restarts_in_the_middle_lose_and_repeat_nothing(bool ofTheSupervisor)
    {
        const int Rows = 30_000;
        await using var storage = new StorageAtWork(new StorageOptions { BatchRows = 500 }).Started();
        var probe = storage.Probe();
        await storage.Settled();
        var victim = ofTheSupervisor ? storage.Supervisor : await storage.Writer();
        var acknowledged = new List<long>();
        for (var seq = 1; seq <= Rows; seq++)
        {
            storage.Append(seq, $"sensor.s{seq % 50}", seq, new Receipt(probe.Ref, seq));
            if (seq % 3000 == 0)
            {
                StorageAtWork.Restart(victim);
                acknowledged.AddRange((await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
            }
        }

        while (acknowledged.Count < Rows)
        {
            acknowledged.AddRange((await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        }

        Assert.Equal(Enumerable.Range(1, Rows).Select(n => (long)n), acknowledged);
        Assert.Equal(acknowledged, (await storage.Events()).Select(e => e.Seq));
        Assert.Equal(0, storage.Store.Figures.QueueRows);
        for (var sensor = 0; sensor < 50; sensor++)
        {
            Assert.Equal(Rows - 50 + (sensor == 0 ? 50 : sensor), storage.Stored($"sensor.s{sensor}")!.Version);
        }
    }

    [Fact]
    public async Task Stop_writes_all_that_is_queued_first()
    {
        await using var storage = new StorageAtWork(new StorageOptions { BatchRows = 100 }).Started();
        var probe = storage.Probe();
        using var commit = new HeldCommit();
        storage.Enqueue(commit);
        await commit.Begun;
        for (var seq = 1; seq <= 5000; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
        }

        storage.Store.Barrier(new Receipt(probe.Ref, 5001));
        var stopped = storage.Supervisor.GracefulStop(Until.Limit);
        commit.Release();
        Assert.True(await stopped);

        Assert.False(File.Exists(storage.HistoryFile + "-wal"));
        Assert.Equal([5001L], (await probe.ExpectMsgAsync<Committed>(StorageAtWork.Patience)).Tags);
        Assert.Equal(5000, (await storage.Events()).Count);
        Assert.Equal(new StorageHealth(false, "The writer of history.db is stopped"), storage.Store.Health);
    }

    [Fact]
    public async Task What_is_queued_is_stored_before_the_file_is_closed_although_the_actor_was_abandoned_in_its_stop()
    {
        using var root = new TemporaryDirectory();
        using var commit = new HeldCommit();
        await using (var storage = new StorageAtWork(new StorageOptions { BatchRows = 100 }, directory: root["data"]).Started())
        {
            storage.Enqueue(commit);
            await commit.Begun;
            for (var seq = 1; seq <= 1000; seq++)
            {
                storage.Append(seq, "sensor.a", seq);
            }

            // The stop waits for the commit, and is abandoned after Scheduler:AbandonAfter.
            await storage.StoppedAsync();
            commit.Release();
        }

        await using var next = new StorageAtWork(directory: root["data"]);
        Assert.Equal(1000, (await next.Events()).Count);
    }

    [Fact]
    public async Task Writer_that_was_stopped_is_started_again()
    {
        await using var storage = new StorageAtWork().Started();
        await storage.Settled();
        var probe = storage.Probe();
        var first = await storage.Writer();
        await probe.WatchAsync(first);

        first.Tell(PoisonPill.Instance);
        await probe.ExpectMsgAsync<Terminated>(StorageAtWork.Patience);
        storage.Append(1, "sensor.a", 1);
        await storage.Settled();

        Assert.Single(await storage.Events());
        Assert.Equal(StorageHealth.Good, storage.Store.Health);
        Assert.Empty(storage.Readiness.Reasons);
    }

    [Fact]
    public async Task Health_is_bad_before_the_start_and_good_after_it()
    {
        await using var storage = new StorageAtWork();
        Assert.Equal(new StorageHealth(false, "The writer of history.db has not started"), storage.Store.Health);

        storage.Started();
        await storage.Settled();

        Assert.Equal(StorageHealth.Good, storage.Store.Health);
    }
}
