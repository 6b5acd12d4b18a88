using AllInOne.Core.Events;

namespace AllInOne.Core.Tests.Live;

public class EventRingTests
{
    [Fact]
    public void Before_the_first_event_the_head_is_the_last_stored_number()
    {
        var ring = new EventRing(4, lastStored: 10, first: 100);
        Assert.Equal((10L, 100L), (ring.Head, ring.Next));
        Assert.Empty(After(ring, 0));
        Assert.True(ring.Covers(10));
        Assert.False(ring.Covers(9));
    }

    [Fact]
    public void After_a_run_that_may_have_lost_events_the_head_is_a_new_cursor()
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
    public void Numbers_rise_and_there_may_be_holes_between_them()
    {
        var ring = Filled(capacity: 4, lastStored: 10, 100, 103, 110);
        Assert.Equal((110L, 111L, 3L), (ring.Head, ring.Next, ring.Added));
        Assert.Equal([100L, 103L, 110L], After(ring, 10));
        Assert.Equal([103L, 110L], After(ring, 100));
        Assert.Equal([103L, 110L], After(ring, 102));
        Assert.Equal([110L], After(ring, 103));
        Assert.Equal([110L], After(ring, 109));
        Assert.Empty(After(ring, 110));
        Assert.True(ring.Covers(10));
        Assert.Throws<InvalidOperationException>(() => ring.Append(Event(110)));
    }

    [Fact]
    public void A_number_below_the_first_of_the_run_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new EventRing(4, lastStored: 10, first: 100).Append(Event(99)));

    [Fact]
    public void The_oldest_events_are_overwritten()
    {
        var ring = Filled(capacity: 4, lastStored: 10, 100, 101, 103, 104, 105, 106);
        Assert.Equal(101, ring.LastGone);
        Assert.Equal([103L, 104L, 105L, 106L], After(ring, 101));
        Assert.True(ring.Covers(101));
        Assert.True(ring.Covers(102));
        Assert.False(ring.Covers(100));
        Assert.False(ring.Covers(10));
        Assert.Empty(After(ring, 100));
    }

    [Fact]
    public void The_events_after_a_cursor_are_counted_whatever_the_holes()
    {
        var ring = Filled(capacity: 4, lastStored: 10, 100, 101, 300, 400, 500, 600);
        Assert.Equal((0L, 1L, 3L, 4L), (ring.CountAfter(600), ring.CountAfter(500), ring.CountAfter(399), ring.CountAfter(200)));
        // The cursor is far beyond the ring by its numbers, which may have holes. But the count is never more than the number of events.
        Assert.Equal((5L, 6L, 6L), (ring.CountAfter(100), ring.CountAfter(99), ring.CountAfter(10)));
        Assert.Equal(0, new EventRing(4, lastStored: 10, first: 100).CountAfter(10));
    }

    [Fact]
    public void Large_events_make_room_by_their_bytes_and_the_last_one_always_stays()
    {
        var ring = new EventRing(capacity: 100, lastStored: 0, first: 1, maxBytes: 200);
        for (var seq = 1; seq <= 5; seq++)
        {
            ring.Append(Event(seq));
        }

        Assert.Equal((2L, 192L), (ring.LastGone, ring.Bytes));
        Assert.Equal([3L, 4L, 5L], After(ring, 2));
        Assert.True(ring.Covers(2));
        Assert.False(ring.Covers(1));

        ring.Append(Event(6, bytes: 300));
        Assert.Equal((5L, 300L), (ring.LastGone, ring.Bytes));
        Assert.Equal([6L], After(ring, 5));
    }

    [Fact]
    public void Numbers_between_two_runs_are_a_hole()
    {
        var ring = Filled(capacity: 4, lastStored: 10, 100);
        Assert.True(ring.IsInHole(11));
        Assert.True(ring.IsInHole(99));
        Assert.False(ring.IsInHole(10));
        Assert.False(ring.IsInHole(100));
    }

    [Fact]
    public async Task Readers_beside_the_writer_miss_nothing_without_noticing()
    {
        const int Last = 600_000;
        var ring = new EventRing(64, 0, 1);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            long seen = 0;
            while (seen < Last)
            {
                foreach (var entry in ring.After(seen))
                {
                    // The numbers are the multiples of three.
                    Assert.Equal(seen + 3, entry.Seq);
                    seen = entry.Seq;
                }

                if (!ring.Covers(seen))
                {
                    seen = ring.LastGone;
                }
            }
        })).ToArray();
        for (var seq = 3; seq <= Last; seq += 3)
        {
            ring.Append(Event(seq));
        }

        await Task.WhenAll(readers).WaitAsync(Until.Limit);
    }

    private static EventRing Filled(int capacity, long lastStored, params long[] seqs)
    {
        var ring = new EventRing(capacity, lastStored, seqs[0]);
        foreach (var seq in seqs)
        {
            ring.Append(Event(seq));
        }

        return ring;
    }

    private static List<long> After(EventRing ring, long since)
    {
        List<long> seqs = [];
        foreach (var entry in ring.After(since))
        {
            seqs.Add(entry.Seq);
        }

        return seqs;
    }

    private static LogEntry Event(long seq, int bytes = 64) => new LogEntry(DateTimeOffset.UnixEpoch, "t", "x", new byte[bytes], 60).Number(seq);
}
