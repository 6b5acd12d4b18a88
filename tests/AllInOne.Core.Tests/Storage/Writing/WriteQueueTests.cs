using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Tests.Storage.Writing;

public sealed class WriteQueueTests
{
    private static readonly StorageOptions Small = new() { BatchRows = 3, BatchBytes = 100, QueueRows = 4, QueueBytes = 1000 };

    [Fact]
    public void Batch_holds_all_queued_operations_in_order()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        var steps = Fill(queue, 2);

        Assert.Equal(steps, queue.Take());
        Assert.Equal(2, queue.Rows);
    }

    [Fact]
    public void Batch_is_limited_by_rows_and_the_rest_comes_next()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        var steps = Fill(queue, 4);

        Assert.Equal(steps[..3], queue.Take());
        Complete(queue, int.MaxValue);
        Assert.Equal(steps[3..], queue.Take());
    }

    [Fact]
    public void Batch_is_limited_by_bytes_but_holds_one_operation_at_least()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        var steps = Fill(queue, 2, bytes: 150);

        Assert.Equal(steps[..1], queue.Take());
        Complete(queue, int.MaxValue);
        Assert.Equal(steps[1..], queue.Take());
    }

    [Fact]
    public void Batch_in_hand_is_given_again_before_anything_newer_until_it_is_complete()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        Fill(queue, 2);
        var first = queue.Take();
        Fill(queue, 1);

        Assert.Same(first, queue.Take());
        Complete(queue, int.MaxValue);
        Assert.NotSame(first, queue.Take());
    }

    [Fact]
    public void Rest_of_a_batch_comes_before_anything_newer()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        var steps = Fill(queue, 4, bytes: 10);
        queue.Take();

        Complete(queue, 1);

        Assert.Equal(steps[1..3], queue.Take());
        Assert.Equal((3, 30), (queue.Rows, queue.Bytes));
        Complete(queue, 2);
        Assert.Equal(steps[3..], queue.Take());
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(2, 500)]
    public void No_room_from_the_bound_of_rows_or_bytes_on(int count, int bytes)
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        Fill(queue, count - 1, bytes);
        Assert.True(queue.HasRoom);

        Fill(queue, 1, bytes);
        Assert.False(queue.HasRoom);
    }

    [Fact]
    public async Task Waiting_for_room_ends_when_a_batch_is_complete()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        Fill(queue, 4);
        var room = queue.WaitForRoomAsync(CancellationToken.None);
        Assert.False(room.IsCompleted);

        queue.Take();
        Assert.False(room.IsCompleted);
        Complete(queue, int.MaxValue);
        await room.WaitAsync(Until.Limit);
        Assert.Equal((1, true), (queue.Rows, queue.HasRoom));
    }

    [Fact]
    public async Task Waiting_for_room_can_be_given_up()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        Fill(queue, 4);
        using var cancel = new CancellationTokenSource();
        var room = queue.WaitForRoomAsync(cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room);
    }

    [Fact]
    public void Operation_far_beyond_the_bound_is_refused_alone()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        var steps = Fill(queue, 17);

        Assert.Equal(16, queue.Rows);
        Assert.All(steps[..16], step => Assert.Null(step.Refused));
        Assert.NotNull(steps[16].Refused);
    }

    [Fact]
    public void Writer_is_woken_once_after_it_found_nothing()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        var woken = 0;
        queue.WakeBy(() => woken++);
        Assert.Null(queue.Take());

        Fill(queue, 3);
        Assert.Equal(1, woken);

        queue.Take();
        Complete(queue, int.MaxValue);
        Fill(queue, 1);
        Assert.Equal(1, woken);
    }

    [Fact]
    public void Housekeeping_runs_alone_when_nothing_waits_or_after_some_batches_and_only_one_at_a_time()
    {
        var queue = new WriteQueue<SqliteSession>(Small);
        var (housekeeping, second) = (new Step(0), new Step(0));
        queue.EnqueueForLater(housekeeping);
        queue.EnqueueForLater(second);
        Assert.NotNull(second.Refused);
        Assert.Null(housekeeping.Refused);
        var before = 0;
        Fill(queue, 1);
        while (queue.Take() is { } batch && batch[0] != housekeeping)
        {
            before++;
            Complete(queue, int.MaxValue);
            Fill(queue, 1);
        }

        Assert.Equal([housekeeping], queue.Take());
        Assert.Equal(16, before);
        Complete(queue, int.MaxValue);
        queue.Take();
        Complete(queue, int.MaxValue);
        Assert.Equal(0, queue.Rows);
        queue.EnqueueForLater(second);
        Assert.Equal([second], queue.Take());
    }

    private static Step[] Fill(WriteQueue<SqliteSession> queue, int count, int bytes = 0)
    {
        var steps = Enumerable.Range(0, count).Select(_ => new Step(bytes)).ToArray();
        foreach (var step in steps)
        {
            queue.Enqueue(step);
        }

        return steps;
    }

    private sealed class Step(int bytes) : WriteOperation<SqliteSession>(default)
    {
        public string? Refused { get; private set; }

        public override int Bytes => bytes;

        public override void Apply(SqliteSession session)
        {
        }

        public override void Refuse(string reason) => Refused = reason;
    }

    [Fact]
    public void A_batch_that_is_not_in_hand_completes_nothing()
    {
        var queue = new WriteQueue<SqliteSession>(new StorageOptions { BatchRows = 1 });
        queue.Enqueue(new WriteBarrier<SqliteSession>(default));
        queue.Enqueue(new WriteBarrier<SqliteSession>(default));
        var first = queue.Take()!;
        Assert.True(queue.TryComplete(first, 1));
        var second = queue.Take()!;

        Assert.False(queue.TryComplete(first, 1));
        Assert.Same(second, queue.Take());
        Assert.Equal(1, queue.Rows);
    }

    private static void Complete(WriteQueue<SqliteSession> queue, int count) => Assert.True(queue.TryComplete(queue.Take()!, count));
}
