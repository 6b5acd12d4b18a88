using System.Text;
using System.Text.Json;
using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Tests.Storage;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>Changes of keys with published prefixes are published in order, but only into the ring.</summary>
public sealed class StateEventsTests
{
    [Fact]
    public async Task Changes_of_published_keys_are_events_and_changes_of_other_keys_are_not()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Publish = ["cart:"]);
        var since = work.Events.Head;
        await work.PutAsync("cart:7", "1");
        await work.PutAsync("secret", "1");
        await work.Store.ApplyAsync(StateOperation.Increment(Key("cart:7")));
        await work.Store.ApplyAsync(StateOperation.Delete(Key("cart:7")));
        await work.PutAsync("cart:8", "1", TimeSpan.FromMilliseconds(50));

        var events = await EventsAsync(work, since, 5);

        Assert.Equal(["created", "changed", "deleted", "created", "expired"], events.Select(one => one.Type));
        Assert.All(events, one => Assert.StartsWith("state/cart:", one.Topic, StringComparison.Ordinal));
        var changed = JsonSerializer.Deserialize<JsonElement>(events[1].Data.Span);
        Assert.Equal(("cart:7", 2), (changed.GetProperty("key").GetString(), changed.GetProperty("value").GetInt32()));
        Assert.Equal(["key", "version"], JsonSerializer.Deserialize<JsonElement>(events[2].Data.Span).EnumerateObject().Select(member => member.Name));
        Assert.Empty(await work.Storage.History.EventsAsync(since));
    }

    [Fact]
    public async Task A_change_of_several_keys_publishes_one_event_for_each()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Publish = ["{t}"]);
        var since = work.Events.Head;
        await work.PutAsync("{t}:a", "1");
        await work.Store.ApplyAsync([
            StateOperation.Delete(Key("{t}:a")), StateOperation.Put(Key("{t}:b"), StateAtWork.Json("2")), StateOperation.Put(Key("{t}:c"), StateAtWork.Json("3"))]);

        var events = await EventsAsync(work, since, 4);

        Assert.Equal(
            ["created state/{t}:a", "deleted state/{t}:a", "created state/{t}:b", "created state/{t}:c"], events.Select(one => $"{one.Type} {one.Topic}"));
    }

    [Fact]
    public async Task A_cursor_behind_the_ring_gets_a_reset_for_state_topics_and_not_for_other_topics()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Publish = ["n"]);
        var since = work.Events.Head;
        await work.PutAsync("n", "0");
        var first = (await EventsAsync(work, since, 1))[0].Seq;
        for (var n = 0; n < new LiveOptions().RingSize + 10; n += 100)
        {
            await work.Store.ApplyEachAsync([.. Enumerable.Range(0, 100).Select(_ => StateOperation.Increment(Key("n")))]);
        }

        await Until.TrueAsync(() => work.Events.Head - first > new LiveOptions().RingSize);
        Assert.True((await ReadAsync(work, first, "state/n")).Reset);
        Assert.True((await ReadAsync(work, first, "*")).Reset);
        Assert.False((await ReadAsync(work, first, "entities/*")).Reset);
        Assert.False((await ReadAsync(work, work.Events.Head - 5, "state/*")).Reset);
    }

    [Fact]
    public async Task After_a_death_a_cursor_of_the_last_stored_event_gets_a_reset_for_state_topics_and_not_for_other_topics()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Publish = ["n"]);
        work.Events.Publish("jobs/backup", "ended", "null"u8);
        await work.EventsStoredAsync();
        var stored = work.Events.Head;
        await work.PutAsync("n", "1", durable: true);
        var lost = (await EventsAsync(work, stored, 1))[0].Seq;
        await work.DieAsync();

        Assert.True((await ReadAsync(work, stored, "state/*")).Reset);
        Assert.True((await ReadAsync(work, stored, "*")).Reset);
        Assert.True((await ReadAsync(work, lost, "jobs/*")).Reset);
        var others = await ReadAsync(work, stored, "jobs/*");
        Assert.Equal((0, false, work.Events.Head), (others.Events.Count, others.Reset, others.Next));

        // A client that follows since the begin of this run misses no event, before the first event and after it.
        var begin = (await ReadAsync(work, stored, "state/*")).Next;
        Assert.False((await ReadAsync(work, begin, "state/*")).Reset);
        await work.PutAsync("n", "2");
        Assert.Equal("changed", (await EventsAsync(work, begin, 1))[0].Type);
        Assert.False((await ReadAsync(work, begin, "*")).Reset);
        Assert.True((await ReadAsync(work, stored, "state/n")).Reset);
        Assert.True((await ReadAsync(work, begin - 1, "jobs/*")).Reset);
    }

    private static async Task<EventPage> ReadAsync(StateAtWork work, long since, string topic)
    {
        Assert.True(TopicFilter.TryParse([topic], out var topics, out var error), error);
        return await work.Live.ReadAsync(new EventQuery(since, TimeSpan.Zero, 1000, topics), default);
    }

    internal static async Task<IReadOnlyList<LogEntry>> EventsAsync(StateAtWork work, long since, int count)
    {
        Assert.True(TopicFilter.TryParse(["state/*"], out var topics, out _));
        List<LogEntry> events = [];
        while (events.Count < count)
        {
            var page = await work.Live.ReadAsync(new EventQuery(since, Until.Limit, 1000, topics), default);
            Assert.True(page.Events.Count > 0, $"only {events.Count} came: {string.Join(", ", events.Select(one => Encoding.UTF8.GetString(one.Json.Span)))}");
            events.AddRange(page.Events);
            since = page.Next;
        }

        return events;
    }
}
