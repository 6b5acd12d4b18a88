using System.Globalization;
using AllInOne.Core.State;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;
using AllInOne.Core.State.Storing;
using AllInOne.Core.Values;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>Shards that fail, restart and stop under load: no acknowledged change is lost, and no change is done twice.</summary>
public sealed class StateCrashTests
{
    [Fact]
    public async Task A_crash_leaves_all_of_a_change_of_several_keys_or_nothing()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.WriteInterval = TimeSpan.FromMinutes(1));
        await work.Store.ApplyAsync([StateOperation.Increment(Key("{t}:a")), StateOperation.Increment(Key("{t}:b"))]);
        await work.PutAsync("{t}:c", "1");

        // A durable change of one of the keys writes it before the write interval is over.
        await work.Store.ApplyAsync(StateOperation.Increment(Key("{t}:a")), durable: true);
        await work.DieAsync();

        Assert.Equal(("2", "1", null), (work.Text("{t}:a"), work.Text("{t}:b"), work.Text("{t}:c")));
    }

    [Fact]
    public async Task Counters_under_load_have_what_was_answered_while_shards_are_restarted_and_stop()
    {
        await using var work = await StateAtWork.StartAsync();
        using var end = new CancellationTokenSource();
        var counting = Enumerable.Range(0, 6).Select(n => Task.Run(async () =>
        {
            var done = 0;
            while (!end.IsCancellationRequested)
            {
                try
                {
                    var result = await work.Store.ApplyAsync(StateOperation.Increment(Key($"n{n % 3}")), durable: n == 0);
                    done += result.IsDone ? 1 : 0;
                }
                catch (UnavailableException)
                {
                    // The actor stopped before it took the command, so the command was not done.
                }
            }

            return done;
        })).ToList();
        for (var round = 0; round < 20; round++)
        {
            await work.RestartAsync($"/user/state/{round % 3}");
            if (round % 5 == 0)
            {
                await work.StopAsync($"/user/state/{(round + 1) % 3}");
            }
        }

        await end.CancelAsync();
        var counts = await Task.WhenAll(counting);
        await work.ReopenAsync();

        for (var n = 0; n < 3; n++)
        {
            Assert.Equal((counts[n] + counts[n + 3]).ToString(CultureInfo.InvariantCulture), work.Text($"n{n}"));
        }
    }

    [Fact]
    public async Task A_command_that_fails_is_answered_and_changes_nothing_else_in_the_shard()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Shards = 1);
        await work.PutAsync("k", "1");
        var broken = new Broken();
        var answer = broken.Answer;
        work.Store.Shards[0].Inbox.Send(broken);
        var after = work.PutAsync("k", "2");

        await Assert.ThrowsAsync<UnavailableException>(async () => await answer);
        Assert.Equal(StateOutcome.Stored, (await after).Outcome);
        Assert.Equal("2", work.Text("k"));
        Assert.Equal(1, work.Store.Figures[0].Keys);
    }

    [Fact]
    public async Task A_change_of_several_keys_that_fails_halfway_has_no_effect()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Shards = 1);
        await work.PutAsync("a", "1");
        var shard = work.Store.Shards[0];
        var broken = new BrokenJoint();
        var answer = broken.Answer;
        shard.Inbox.Send(broken);
        await Assert.ThrowsAsync<UnavailableException>(async () => await answer);
        await Until.TrueAsync(() => work.Store.Figures[0].Keys == 1);

        Assert.Equal("1", work.Text("a"));
        Assert.Null(work.Text("b"));
        await work.ReopenAsync();
        Assert.Equal(("1", null), (work.Text("a"), work.Text("b")));
    }

    [Fact]
    public async Task Readers_never_see_half_of_a_change_of_several_keys()
    {
        await using var work = await StateAtWork.StartAsync();
        StateKey[] keys = [Key("{t}:a"), Key("{t}:b"), Key("{t}:c")];
        await work.Store.ApplyAsync([.. keys.Select(key => StateOperation.Put(key, StateAtWork.Json("0")))]);
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var seen = 0L;
            while (!end.IsCancellationRequested)
            {
                var values = (await work.Store.FindManyAsync(keys)).Select(item => item?.As<int>()).Distinct().ToList();
                Assert.Single(values);
                // The reads come one after another, so the later value is never older.
                var (first, then) = (work.Store.Find(keys[0])?.As<int>() ?? 0, work.Store.Find(keys[2])?.As<int>() ?? int.MaxValue);
                Assert.True(then >= first, $"{then} after {first}");
                seen++;
            }

            return seen;
        })).ToList();
        for (var n = 1; n < 3000; n++)
        {
            var json = StateAtWork.Json($"{n}");
            await work.Store.ApplyAsync([.. keys.Select(key => StateOperation.Put(key, json))]);
            if (n % 10 == 0)
            {
                await work.Store.ApplyAsync([.. keys.Select(key => StateOperation.Delete(key))]);
            }
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(readers), seen => Assert.True(seen > 0));
    }

    [Fact]
    public async Task While_the_writer_is_unavailable_changes_are_collected_and_durable_ones_wait()
    {
        await using var work = await StateAtWork.StartAsync();
        await work.RestartAsync("/user/storage/state");
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => work.PutAsync($"k{n}", $"{n}", durable: n % 2 == 0)));

        Assert.All(results, result => Assert.True(result.IsDone));
        await work.ReopenAsync();
        Assert.Equal(Enumerable.Range(0, 200).Select(n => $"{n}"), Enumerable.Range(0, 200).Select(n => work.Text($"k{n}")));
    }

    [Fact]
    public async Task Readers_meet_no_gap_in_a_change_of_very_many_keys()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.MaxKeysAtOnce = 1000);
        StateKey[] keys = [.. Enumerable.Range(0, 1000).Select(n => Key($"{{t}}:{n}"))];
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            for (var n = reader; !end.IsCancellationRequested; n = (n + 7) % keys.Length)
            {
                // This throws if a reader sees a half made change while it grows.
                _ = work.Store.Find(keys[n]);
            }
        })).ToList();
        for (var round = 0; round < 300; round++)
        {
            Assert.All(await work.Store.ApplyAsync([.. keys.Select(key => StateOperation.Put(key, StateAtWork.Json("1")))]), result => Assert.True(result.IsDone));
            await work.Store.ApplyAsync([.. keys.Select(key => StateOperation.Delete(key))]);
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_value_that_moves_between_two_keys_is_always_seen_at_one_of_them()
    {
        await using var work = await StateAtWork.StartAsync();
        StateKey[] keys = [Key("{t}:a"), Key("{t}:b")];
        await work.PutAsync("{t}:a", "1");
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                Assert.Single(await work.Store.FindManyAsync(keys), item => item is not null);
            }
        })).ToList();
        for (var n = 0; n < 30_000; n++)
        {
            await work.Store.ApplyAsync([StateOperation.Delete(keys[n % 2]), StateOperation.Put(keys[(n + 1) % 2], StateAtWork.Json("1"))]);
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_change_of_several_keys_that_fails_halfway_in_a_stopped_actor_is_not_stored()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Shards = 1);
        await work.PutAsync("a", "1", durable: true);
        var broken = new BrokenJoint { IsStopped = true };
        var answer = broken.Answer;
        work.Store.Shards[0].Inbox.Send(broken);
        await Assert.ThrowsAsync<UnavailableException>(async () => await answer);
        await work.WrittenAsync();
        await work.DieAsync();

        Assert.Equal(("1", null), (work.Text("a"), work.Text("b")));
    }

    [Fact]
    public async Task A_durable_deletion_is_stored_although_the_key_is_created_again_in_the_same_turn()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => (options.Shards, options.WriteInterval) = (1, TimeSpan.FromMinutes(30)));
        await work.PutAsync("k", "1", durable: true);
        var deleted = await work.InOneTurnAsync(
            () => work.Store.ApplyAsync(StateOperation.Delete(Key("k")), durable: true), () => work.Store.ApplyAsync(StateOperation.Put(Key("k"), StateAtWork.Json("2"))));
        Assert.All(deleted, result => Assert.True(result.IsDone));
        await work.DieAsync();

        Assert.NotEqual("1", work.Text("k"));
    }

    [Fact]
    public async Task A_durable_command_that_changes_nothing_still_stores_the_current_value()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => (options.Shards, options.WriteInterval) = (1, TimeSpan.FromMinutes(30)));
        IReadOnlyList<ReadOnlyMemory<byte>> member = [StateAtWork.Json("1")];
        await work.Store.ApplyAsync(StateOperation.Add(Key("s"), member));
        var again = await work.Store.ApplyAsync(StateOperation.Add(Key("s"), member), durable: true);
        await work.DieAsync();

        Assert.Equal(StateOutcome.Unchanged, again.Outcome);
        Assert.Equal("[1]", work.Text("s"));
    }

    [Fact]
    public async Task A_refused_row_of_a_deleted_key_does_not_replace_the_next_key_of_the_same_name()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Shards = 1);
        var shard = work.Store.Shards[0];
        await work.PutAsync("k", "1");
        await work.WrittenAsync();
        var look = new LookForPlace("k");
        var answer = look.Answer;
        shard.Inbox.Send(look);
        var place = await answer;
        await work.InOneTurnAsync(
            () => work.Store.ApplyAsync(StateOperation.Delete(Key("k"))), () => work.Store.ApplyAsync(StateOperation.Put(Key("k"), StateAtWork.Json("2"))));
        await work.WrittenAsync();
        shard.Writes.Retry([new StateRow(place, place.Item)]);
        await work.WrittenAsync();
        await work.ReopenAsync();

        Assert.Equal("2", work.Text("k"));
    }

    [Fact]
    public async Task A_waiting_command_that_fails_is_answered_once_and_does_not_delay_the_next_one()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.Shards = 1);
        var broken = new BrokenWaiter("q");
        var answer = broken.Answer;
        work.Store.Shards[0].Inbox.Send(broken);
        var next = work.Store.PopAsync(Key("q"), Until.Limit);
        await Until.TrueAsync(() => work.Store.Figures[0].Waiting == 2);
        await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("1"), StateAtWork.Json("2")]));

        await Assert.ThrowsAsync<UnavailableException>(async () => await answer);
        Assert.Equal(StateAtWork.Json("1"), (await next).Taken.ToArray());
        Assert.Equal(("[2]", 0), (work.Text("q"), work.Store.Figures[0].Waiting));
    }

    [Fact]
    public async Task Keys_that_are_created_and_removed_while_the_writer_is_unavailable_leave_no_notes()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => (options.Shards, options.WriteInterval) = (1, TimeSpan.FromMinutes(30)));
        await work.PutAsync("kept", "1");
        await work.PutAsync("stored", "1", durable: true);
        await work.Store.ApplyAsync(StateOperation.Delete(Key("stored")));
        for (var n = 0; n < 300; n++)
        {
            await work.Store.ApplyEachAsync(
                [.. Enumerable.Range(0, 100).SelectMany(key => (StateOperation[])[StateOperation.Put(Key($"k{key}"), StateAtWork.Json("1")), StateOperation.Delete(Key($"k{key}"))])]);
        }

        Assert.InRange(work.Store.Figures[0].Unwritten, 1, 10_000);
        await work.ReopenAsync();
        Assert.Equal(("1", null), (work.Text("kept"), work.Text("stored")));
    }

    private sealed class LookForPlace(string key) : StateCommand<StateSlot>
    {
        public override bool Run(StateShard shard)
        {
            Result = shard.Keys.Present(key);
            return true;
        }
    }

    private sealed class BrokenWaiter(string key) : WaitingCommand<bool>(key, waits: true)
    {
        public override bool Serve(StateShard shard) =>
            shard.Keys.Present(Key) is null ? false : throw new InvalidOperationException("broken by a test");
    }

    private sealed class Broken : StateCommand<bool>
    {
        public override bool Run(StateShard shard) => throw new InvalidOperationException("broken by a test");
    }

    private sealed class BrokenJoint : StateCommand<bool>
    {
        public bool IsStopped { get; init; }

        public override bool Run(StateShard shard)
        {
            var joint = new JointChange();
            shard.Keys.Set(shard.Keys.Present("a"), "a", new StateValue("2"u8.ToArray()), StateItem.Never, joint);
            shard.Keys.Set(null, "b", new StateValue("2"u8.ToArray()), StateItem.Never, joint);
            if (IsStopped)
            {
                shard.Flush();
            }

            throw new InvalidOperationException("broken by a test");
        }
    }
}
