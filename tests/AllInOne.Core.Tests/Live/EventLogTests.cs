using System.Globalization;
using System.Text;
using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Tests.Live;

public class EventLogTests
{
    [Fact]
    public async Task Events_after_the_cursor_are_answered_at_once()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        home.Publish("a", "1");
        home.Publish("b", "2");
        home.Publish("c", "3");
        await home.Settled();
        var page = await home.Read(start, seconds: 30);
        Assert.Equal(["a", "b", "c"], page.Events.Select(e => e.Topic));
        Assert.Equal((home.Events.Head, false), (page.Next, page.Reset));
        Assert.Equal([page.Next - 2, page.Next - 1, page.Next], page.Events.Select(e => e.Seq));
        Assert.Equal(["c"], (await home.Read(page.Next - 1, seconds: 30)).Events.Select(e => e.Topic));
    }

    [Fact]
    public async Task Next_counts_events_that_do_not_match_too()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        home.Publish("entities/light.hall");
        home.Publish("jobs/backup");
        home.Publish("jobs/backup");
        await home.Settled();
        var page = await home.Read(start, topics: "entities/*");
        Assert.Single(page.Events);
        Assert.Equal(home.Events.Head, page.Next);
        var empty = await home.Read(start, topics: "state/*");
        Assert.Empty(empty.Events);
        Assert.Equal(home.Events.Head, empty.Next);
    }

    [Fact]
    public async Task A_page_ends_at_its_limit_and_the_next_one_continues_after_it()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        for (var i = 0; i < 10; i++)
        {
            home.Publish(i % 2 == 0 ? "even" : "odd");
        }

        await home.Settled();
        var page = await home.Read(start, limit: 2, topics: "odd");
        Assert.Equal([home.Events.Head - 8, home.Events.Head - 6], page.Events.Select(e => e.Seq));
        Assert.Equal(home.Events.Head - 6, page.Next);
        Assert.Equal(3, (await home.Read(page.Next, topics: "odd")).Events.Count);
    }

    [Fact]
    public async Task The_first_event_of_a_run_continues_after_the_last_stored_one_or_begins_at_the_time()
    {
        await using var home = new LiveAtWork();
        var before = Microseconds.From(DateTimeOffset.UtcNow);
        home.Publish("a");
        await home.Settled();
        Assert.InRange(home.Events.Head, before - TimeSpan.FromMinutes(10).Ticks / 10, before);
        var last = home.Events.Head;
        await home.Restart();
        Assert.Equal(last, home.Events.Head);
        home.Publish("b");
        await home.Settled();
        Assert.True(home.Events.Head > last);
    }

    [Fact]
    public async Task A_cursor_of_the_previous_run_is_served_without_a_gap()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        home.Publish("a");
        home.Publish("b");
        await home.Settled();
        var last = home.Events.Head;
        await home.Restart();
        Assert.Empty((await home.Read(last)).Events);
        home.Publish("c");
        await home.Settled();
        Assert.Equal(["c"], (await home.Read(last)).Events.Select(e => e.Topic));
        Assert.Equal(["b", "c"], (await home.Read(last - 1)).Events.Select(e => e.Topic));
        var all = await home.Read(start);
        Assert.Equal((3, home.Events.Head, false), (all.Events.Count, all.Next, all.Reset));
    }

    [Fact]
    public async Task A_cursor_in_the_hole_between_two_runs_or_ahead_of_the_head_is_reset()
    {
        await using var home = new LiveAtWork();
        home.Publish("a");
        await home.Settled();
        var last = home.Events.Head;
        await home.Restart();
        Assert.True((await home.Read(last + 1)).Reset);
        home.Publish("b");
        await home.Settled();
        var head = home.Events.Head;
        foreach (var wrong in (long[])[last + 1, head - 1, head + 1, long.MaxValue])
        {
            var page = await home.Read(wrong, seconds: 30);
            Assert.True(page.Reset);
            Assert.Empty(page.Events);
            Assert.Equal(head, page.Next);
        }
    }

    [Fact]
    public async Task Events_that_left_the_ring_come_from_history_as_they_were()
    {
        await using var home = new LiveAtWork(new LiveOptions { RingSize = 64 });
        var start = home.Events.Head;
        home.Publish("first", "{\"n\":0}");
        await home.Settled();
        var live = (await home.Read(start)).Events.Single();
        for (var i = 1; i < 2500; i++)
        {
            home.Publish(i % 2 == 0 ? "even" : "odd", $"{{\"n\":{i}}}");
        }

        await home.Settled();
        var seen = await ReadAll(home, start, limit: 300);
        Assert.Equal(Enumerable.Range(0, 2500).Select(n => $"{{\"n\":{n}}}"), seen.Select(e => Encoding.UTF8.GetString(e.Data.Span)));
        Assert.Equal(live.Json.ToArray(), seen[0].Json.ToArray());
        Assert.Equal(Enumerable.Range(0, 2500).Select(n => live.Seq + n), seen.Select(e => e.Seq));
        var first = await home.Read(start, limit: 1, topics: "first");
        Assert.Equal(live.Seq, first.Next);
    }

    [Fact]
    public async Task A_rare_topic_in_a_long_history_is_looked_for_a_stretch_at_a_time()
    {
        await using var home = new LiveAtWork(new LiveOptions { RingSize = 64, HistoryScan = 100 });
        var start = home.Events.Head;
        for (var i = 0; i < 500; i++)
        {
            home.Publish("common");
        }

        home.Publish("rare");
        await home.Settled();
        var page = await home.Read(start, seconds: 30, topics: "rare");
        Assert.Empty(page.Events);
        Assert.False(page.Reset);
        Assert.InRange(page.Next, start + 1, home.Events.Head - 1);
        var rounds = 1;
        while (page.Events.Count == 0)
        {
            page = await home.Read(page.Next, seconds: 30, topics: "rare");
            rounds++;
        }

        Assert.InRange(rounds, 2, 10);
        Assert.Equal(home.Events.Head, page.Next);
    }

    [Fact]
    public async Task Readers_under_load_miss_nothing_although_the_ring_is_small()
    {
        await using var home = new LiveAtWork(new LiveOptions { RingSize = 64 });
        const int Count = 20_000;
        var start = home.Events.Head;
        var reading = Task.Run(async () =>
        {
            var (since, seen) = (start, new List<long>());
            while (seen.Count < Count)
            {
                var page = await home.Read(since, seconds: 10);
                Assert.False(page.Reset);
                seen.AddRange(page.Events.Select(e => e.Seq));
                since = page.Next;
            }

            return seen;
        });
        for (var i = 0; i < Count; i++)
        {
            home.Publish("t");
        }

        var seen = await reading.WaitAsync(Until.Limit);
        Assert.Equal(Enumerable.Range(0, Count).Select(n => seen[0] + n), seen);
    }

    [Fact]
    public async Task Restart_of_the_log_under_load_neither_loses_nor_repeats_a_number()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var start = home.Events.Head;
        for (var i = 0; i < 5_000; i++)
        {
            home.Publish("t", $"{i}");
            if (i % 1000 == 500)
            {
                Assert.True(home.Runtime.Restart(i % 2000 == 500 ? "/user/live/log" : "/user/live"));
            }
        }

        await home.Settled();
        var seen = await ReadAll(home, start, limit: 1000);
        Assert.Equal(Enumerable.Range(0, 5_000).Select(n => $"{n}"), seen.Select(e => Encoding.UTF8.GetString(e.Data.Span)));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(n => seen[0].Seq + n), seen.Select(e => e.Seq));
    }

    [Fact]
    public async Task A_log_that_an_administrator_stops_is_restarted_with_its_mailbox()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        home.Publish("t", "0");
        await home.Settled();
        for (var i = 1; i < 3_000; i++)
        {
            home.Publish("t", $"{i}");
            if (i == 1_000)
            {
                Assert.True(home.Runtime.Stop("/user/live/log"));
            }
        }

        await home.Settled();
        var seen = await ReadAll(home, start, limit: 1000);
        Assert.Equal(
            Enumerable.Range(0, 3_000),
            seen.Select(e => int.Parse(Encoding.UTF8.GetString(e.Data.Span), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Events_that_are_published_while_the_module_is_stopped_are_kept_for_its_next_start()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var start = home.Events.Head;
        var live = await home.System.ActorSelection("/user/live").ResolveOne(Until.Limit);
        await live.GracefulStop(Until.Limit);
        home.Publish("a");
        home.Publish("b");
        await home.StartLiveAsync();
        await home.Settled();
        Assert.Equal(["a", "b"], (await home.Read(start)).Events.Select(e => e.Topic));
    }

    private static async Task<List<LogEntry>> ReadAll(LiveAtWork home, long since, int limit)
    {
        var seen = new List<LogEntry>();
        while (since < home.Events.Head)
        {
            var page = await home.Read(since, limit: limit);
            Assert.False(page.Reset);
            seen.AddRange(page.Events);
            since = page.Next;
        }

        return seen;
    }
}
