using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>The behaviour at the limit <c>State:MaxBytes</c>, with one shard and room for about thirty small keys.</summary>
public sealed class StateBoundsTests
{
    private const int Room = 30 * 300;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_change_of_several_keys_without_room_says_so_for_each()
    {
        await using var work = await StartAsync(StateFullPolicy.Reject);
        var large = StateAtWork.Json($"\"{new string('x', Room)}\"");

        var results = await work.Store.ApplyAsync([StateOperation.Put(Key("{t}:a"), StateAtWork.Json("1")), StateOperation.Put(Key("{t}:b"), large)]);

        Assert.Equal([StateOutcome.Full, StateOutcome.Full], results.Select(result => result.Outcome));
        Assert.Null(work.Text("{t}:a"));
    }

    [Fact]
    public async Task A_write_without_room_is_refused_and_changes_nothing_until_there_is_room()
    {
        await using var work = await StartAsync(StateFullPolicy.Reject);
        var made = await FillAsync(work, Long);
        var bytes = work.Store.Figures[0].Bytes;
        var kept = await work.PutAsync("k0", "1");
        var larger = await work.PutAsync("k0", $"\"{new string('x', 1000)}\"");
        var many = await work.Store.ApplyAsync([
            StateOperation.Put(Key("{t}:a"), StateAtWork.Json("1")), StateOperation.Put(Key("{t}:b"), StateAtWork.Json("1"))]);

        Assert.InRange(made, 25, 35);
        Assert.InRange(bytes, Room - 300, Room);
        Assert.Equal((StateOutcome.Stored, StateOutcome.Full), (kept.Outcome, larger.Outcome));
        Assert.All(many, result => Assert.False(result.IsDone));
        Assert.Equal(("1", null), (work.Text("k0"), work.Text("{t}:a")));
        Assert.Equal((0, made), (work.Store.Figures[0].Evicted, work.Store.Figures[0].Keys));
        await work.Store.ApplyAsync(StateOperation.Delete(Key("k1")));
        Assert.Equal(StateOutcome.Stored, (await work.PutAsync("new", "1")).Outcome);
    }

    [Fact]
    public async Task Keys_that_were_unused_for_longest_make_room_and_those_in_use_and_those_without_an_end_stay()
    {
        await using var work = await StartAsync(StateFullPolicy.Evict);
        await work.PutAsync("for:ever", "1");
        var locked = (await work.Store.Locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default))!;
        for (var n = 0; n < 200; n++)
        {
            Assert.Equal(StateOutcome.Stored, (await work.PutAsync($"k{n}", $"{n}", Long)).Outcome);
            Assert.NotNull(work.Text("k0"));
            if (n % 5 == 0)
            {
                // Uses of keys are distinguished by the beats of the write interval.
                await BeatAsync(work);
                Assert.NotNull(work.Text("k0"));
            }
        }

        var figures = work.Store.Figures[0];
        Assert.InRange(figures.Evicted, 160, 180);
        Assert.InRange(figures.Bytes, 0, Room);
        Assert.Equal(("1", "199"), (work.Text("for:ever"), work.Text("k199")));
        Assert.Equal(locked.Fencing, work.Store.Locks.Find(Key("door"))!.Fencing);
        await work.ReopenAsync();
        await Until.TrueAsync(() => work.Store.Figures[0].Keys == figures.Keys, () => $"{work.Store.Figures[0]} after {figures}");
        Assert.Equal("0", work.Text("k0"));
    }

    [Fact]
    public async Task If_no_key_may_make_room_a_write_is_refused()
    {
        await using var work = await StartAsync(StateFullPolicy.Evict);
        Assert.InRange(await FillAsync(work, ttl: null), 25, 35);
        Assert.Equal(StateOutcome.Full, (await work.PutAsync("one", "1", Long)).Outcome);
    }

    [Fact]
    public async Task Keys_make_room_for_those_of_their_own_shard_only()
    {
        await using var work = await StateAtWork.StartAsync(configure: options =>
            (options.Shards, options.MaxBytes, options.WhenFull) = (2, Room, StateFullPolicy.Evict));
        string[] keys = [.. Enumerable.Range(0, 1_000).Select(n => $"k{n}")];
        var (here, there) = (keys.Where(key => work.Store.ShardOf(Key(key)).Number == 0).ToList(), keys.Where(key => work.Store.ShardOf(Key(key)).Number == 1).ToList());
        for (var n = 0; n < 60; n++)
        {
            Assert.Equal(StateOutcome.Stored, (await work.PutAsync(here[n], "1", Long)).Outcome);
        }

        var evicted = work.Store.Figures[0].Evicted;
        Assert.Equal(StateOutcome.Full, (await work.PutAsync(there[0], "1", Long)).Outcome);
        Assert.Equal((evicted, 0), (work.Store.Figures[0].Evicted, work.Store.Figures[1].Keys));
    }

    [Fact]
    public async Task A_lock_without_room_is_refused_and_later_granted_when_there_is_room()
    {
        await using var work = await StartAsync(StateFullPolicy.Reject);
        await FillAsync(work, Long);
        await Assert.ThrowsAsync<FullException>(() => work.Store.Locks.AcquireAsync(Key("door"), Long, Long, default));

        Assert.Null(work.Store.Locks.Find(Key("door")));
        await work.Store.ApplyAsync(StateOperation.Delete(Key("k1")));
        Assert.NotNull(await work.Store.Locks.AcquireAsync(Key("door"), Long, Long, default));
    }

    [Fact]
    public async Task A_large_set_counts_with_its_index_and_releases_all_its_bytes()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Shards = 1);
        await work.Store.ApplyAsync(StateOperation.Add(Key("s"), [.. Enumerable.Range(0, 10_000).Select(n => StateAtWork.Json($"{n}"))]));
        Assert.InRange(work.Store.Figures[0].Bytes, 1_000_000, 4_000_000);
        await work.PutAsync("s", "1");
        Assert.InRange(work.Store.Figures[0].Bytes, 1, 1_000);
        await work.Store.ApplyAsync(StateOperation.Delete(Key("s")));
        Assert.Equal(0, work.Store.Figures[0].Bytes);
    }

    [Fact]
    public async Task Evictions_are_published()
    {
        await using var work = await StateAtWork.StartAsync(configure: options =>
            (options.Shards, options.MaxBytes, options.WhenFull, options.Publish) = (1, Room, StateFullPolicy.Evict, ["k"]));
        var since = work.Events.Head;
        for (var n = 0; n < 60; n++)
        {
            await work.PutAsync($"k{n}", "1", Long);
        }

        var events = await StateEventsTests.EventsAsync(work, since, 60 + (int)work.Store.Figures[0].Evicted);
        Assert.Equal(work.Store.Figures[0].Evicted, events.Count(one => one.Type == "evicted"));
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_refused_whatever_makes_it()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.MaxValueBytes = 100);
        var large = StateAtWork.Json($"\"{new string('x', 100)}\"");
        StateOperation[] operations = [
            StateOperation.Put(Key("k"), large), StateOperation.Push(Key("k"), [large]), StateOperation.Add(Key("k"), [large]), StateOperation.Merge(Key("k"), StateAtWork.Json($"{{\"a\":\"{new string('x', 100)}\"}}"))];
        foreach (var operation in operations)
        {
            Assert.Equal(StateOutcome.Refused, (await work.Store.ApplyAsync(operation)).Outcome);
        }

        Assert.Null(work.Text("k"));
    }

    private static Task<StateAtWork> StartAsync(StateFullPolicy policy) => StateAtWork.StartAsync(configure: options =>
        (options.Shards, options.MaxBytes, options.WhenFull) = (1, Room, policy));

    /// <summary>Puts keys until one is refused; returns the number of stored keys.</summary>
    private static async Task<int> FillAsync(StateAtWork work, TimeSpan? ttl)
    {
        var made = 0;
        while ((await work.PutAsync($"k{made}", "1", ttl)).IsDone)
        {
            made++;
        }

        return made;
    }

    private static async Task BeatAsync(StateAtWork work)
    {
        var beats = work.Store.Shards[0].Table.Beats;
        await Until.TrueAsync(() => work.Store.Shards[0].Table.Beats > beats);
    }
}
