using AllInOne.Core.Events.History;

namespace AllInOne.Core.Tests.Storage.Writing;

public sealed class BatchTests
{
    [Fact]
    public async Task Batch_is_one_transaction()
    {
        await using var storage = new StorageAtWork();
        storage.WriteHere();
        var before = storage.Store.Figures;
        for (var seq = 1; seq <= 100; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
        }

        storage.WriteHere();

        var after = storage.Store.Figures;
        Assert.Equal((100, 1), (after.Rows - before.Rows, after.Transactions - before.Transactions));
        Assert.Equal(100, (await storage.Events()).Count);
    }

    [Fact]
    public async Task Failing_rows_are_left_out_alone_wherever_they_stand()
    {
        await using var storage = new StorageAtWork();
        var failing = new List<RefusedRow>();
        for (var seq = 1; seq <= 30; seq++)
        {
            if (seq % 10 == 0)
            {
                failing.Add(new RefusedRow());
                storage.Enqueue(failing[^1]);
            }

            storage.Append(seq, "sensor.a", seq);
        }

        storage.WriteHere();

        Assert.Equal(30, (await storage.Events()).Count);
        Assert.All(failing, row => Assert.Equal("this row is wrong", row.Reason));
        Assert.Equal((3, "refused: this row is wrong"), (storage.Store.Figures.Refused, storage.Store.Figures.LastError));
    }

    [Fact]
    public async Task Half_of_a_failing_row_is_not_stored()
    {
        await using var storage = new StorageAtWork();
        storage.Append(1, "sensor.a", 1);
        var half = new AppendEvent(StorageAtWork.Event(2, "sensor.a", 2), null, default);
        storage.Enqueue(new RefusedRow(session =>
        {
            half.Apply(session);
            throw new InvalidOperationException("half way");
        }));

        storage.WriteHere();

        Assert.Equal([1L], (await storage.Events()).Select(e => e.Seq));
    }

    [Fact]
    public async Task Row_that_breaks_a_constraint_is_refused_with_sqlites_reason()
    {
        await using var storage = new StorageAtWork();
        var row = new RefusedRow(session => session["INSERT INTO entities VALUES ('sensor.x', 1, NULL)"].Run());
        storage.Enqueue(row);
        storage.Append(1, "sensor.a", 1);

        storage.WriteHere();

        Assert.Contains("constraint", row.Reason, StringComparison.Ordinal);
        Assert.Single(await storage.Events());
    }

    [Fact]
    public async Task Batch_redone_after_its_commit_changes_nothing()
    {
        await using var storage = new StorageAtWork();
        storage.Append(1, "sensor.a", 7);
        storage.AppendDeletion(2, "sensor.a", 8);
        storage.Append(3, "sensor.a", 1);
        storage.Append(4, "sensor.b", 1);
        var batch = storage.Store.Writer.Queue.Take()!;
        Assert.Null(storage.Store.Writer.Write(batch).Fault);

        Assert.Same(batch, storage.Store.Writer.Queue.Take());
        storage.WriteHere();

        using (var session = storage.Store.Writer.File.OpenReader())
        {
            Assert.Equal([7L, 8, 1, 1], session["SELECT version FROM events ORDER BY seq"].Rows(row => row.Int64(0)));
        }

        storage.Reopen();
        Assert.Equal(1, storage.Stored("sensor.a")!.Version);
    }

    [Fact]
    public async Task Batch_that_is_no_longer_in_hand_is_left_alone()
    {
        await using var storage = new StorageAtWork();
        storage.Append(1, "sensor.a", 7);
        var old = storage.Store.Writer.Queue.Take()!;
        storage.WriteHere();
        storage.AppendDeletion(2, "sensor.a", 8);
        storage.WriteHere();

        storage.Store.Writer.Write(old);

        Assert.Null(storage.Stored("sensor.a"));
    }

    [Fact]
    public async Task Older_snapshot_never_replaces_a_newer_one()
    {
        await using var storage = new StorageAtWork();
        storage.Append(1, "sensor.a", 5);
        storage.Append(2, "sensor.a", 4);
        storage.WriteHere();

        Assert.Equal(5, storage.Stored("sensor.a")!.Version);
    }
}
