using AllInOne.Core.Events;

namespace AllInOne.Core.Tests.Live;

public class EventRingTests
{
    private static readonly EncodedEvent Nothing = new(new byte[64], 60);

    [Fact]
    public void Before_its_first_event_the_head_is_what_storage_ended_with()
    {
        var ring = new EventRing(4, lastStored: 10, first: 100);
        Assert.Equal((10L, 100L), (ring.Head, ring.Next));
        Assert.Null(ring.Find(100));
        Assert.True(ring.Covers(10));
        Assert.False(ring.Covers(9));
    }

    [Fact]
    public void After_a_run_that_may_have_lost_events_this_one_begins_with_a_cursor_of_its_own()
    {
        var ring = new EventRing(4, lastStored: 10, first: 100, hasLost: true);
        Assert.Equal((99L, 99L, 99L, 100L), (ring.Head, ring.Begin, ring.LastLost, ring.Next));
        Assert.Equal((true, false, false), (ring.IsInHole(98), ring.IsInHole(99), ring.IsInHole(10)));
        Assert.True(ring.Covers(10) && ring.Covers(99));
        ring.Append(Event(100));
        Assert.Equal((100L, 99L), (ring.Head, ring.LastLost));
        Assert.False(ring.IsInHole(99));
    }

    [Fact]
    public void Numbers_are_contiguous_from_the_first_of_the_run()
    {
        var ring = Filled(capacity: 4, lastStored: 10, first: 100, count: 3);
        Assert.Equal((102L, 103L, 100L), (ring.Head, ring.Next, ring.Oldest));
        Assert.Equal([100L, 101L, 102L], Enumerable.Range(100, 3).Select(seq => ring.Find(seq)!.Seq));
        Assert.True(ring.Covers(10));
        Assert.Throws<InvalidOperationException>(() => ring.Append(Event(105)));
    }

    [Fact]
    public void The_oldest_events_are_overwritten()
    {
        var ring = Filled(capacity: 4, lastStored: 10, first: 100, count: 6);
        Assert.Null(ring.Find(101));
        Assert.Equal(102, ring.Oldest);
        Assert.NotNull(ring.Find(102));
        Assert.True(ring.Covers(101));
        Assert.False(ring.Covers(100));
        Assert.False(ring.Covers(10));
    }

    [Fact]
    public void Large_events_make_room_by_their_bytes_and_the_last_one_always_stays()
    {
        var ring = new EventRing(capacity: 100, lastStored: 0, first: 1, maxBytes: 200);
        for (var seq = 1; seq <= 5; seq++)
        {
            ring.Append(Event(seq));
        }

        Assert.Equal((3L, 192L), (ring.Oldest, ring.Bytes));
        Assert.Null(ring.Find(2));
        Assert.True(ring.Covers(2));
        Assert.False(ring.Covers(1));

        ring.Append(new(6, DateTimeOffset.UnixEpoch, "t", "x", new EncodedEvent(new byte[300], 60)));
        Assert.Equal((6L, 300L), (ring.Oldest, ring.Bytes));
        Assert.NotNull(ring.Find(6));
    }

    [Fact]
    public void Numbers_between_two_runs_are_a_hole()
    {
        var ring = Filled(capacity: 4, lastStored: 10, first: 100, count: 1);
        Assert.True(ring.IsInHole(11));
        Assert.True(ring.IsInHole(99));
        Assert.False(ring.IsInHole(10));
        Assert.False(ring.IsInHole(100));
    }

    [Fact]
    public async Task Readers_beside_the_writer_see_only_what_they_asked_for()
    {
        var ring = new EventRing(64, 0, 1);
        var done = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            long seen = 0;
            while (!Volatile.Read(ref done))
            {
                var head = ring.Head;
                for (var seq = Math.Max(seen + 1, ring.Oldest); seq <= head; seq++)
                {
                    // Null is right when the writer has come round (it fills a slot before it moves the head); another event never is.
                    var found = ring.Find(seq);
                    Assert.True(found is null ? ring.Oldest >= seq : found.Seq == seq);
                    seen = seq;
                }
            }
        })).ToArray();
        for (var seq = 1; seq <= 200_000; seq++)
        {
            ring.Append(Event(seq));
        }

        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
    }

    private static EventRing Filled(int capacity, long lastStored, long first, int count)
    {
        var ring = new EventRing(capacity, lastStored, first);
        for (var i = 0; i < count; i++)
        {
            ring.Append(Event(first + i));
        }

        return ring;
    }

    private static PublishedEvent Event(long seq) => new(seq, DateTimeOffset.UnixEpoch, "t", "x", Nothing);
}
