using System.Globalization;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

public sealed class StateStoreTests
{
    private static readonly VersionCondition Absent = new(null, new VersionSet(true, []));

    [Fact]
    public async Task A_stored_value_is_found_and_is_restored_at_the_next_start()
    {
        await using var work = await StateAtWork.StartAsync();
        var created = await work.PutAsync("cart:7", """{"items": [1, 2.50]}""");
        var changed = await work.PutAsync("cart:7", """{"items": []}""");
        await work.PutAsync("gone", "1");
        var gone = await work.Store.ApplyAsync(StateOperation.Delete(Key("gone")));

        Assert.Equal((StateOutcome.Stored, true), (created.Outcome, created.Created));
        Assert.Equal((StateOutcome.Stored, false), (changed.Outcome, changed.Created));
        Assert.True(changed.Item!.Version > created.Item!.Version);
        Assert.Equal(StateOutcome.Deleted, gone.Outcome);
        await work.ReopenAsync();

        Assert.Equal("""{"items": []}""", work.Text("cart:7"));
        Assert.Equal(changed.Item.Version, work.Store.Find(Key("cart:7"))!.Version);
        Assert.Null(work.Text("gone"));
    }

    [Fact]
    public async Task A_key_is_created_once_by_many_clients_that_require_it_to_be_absent()
    {
        await using var work = await StateAtWork.StartAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(async () =>
            await work.Store.ApplyAsync(StateOperation.Put(Key("once"), StateAtWork.Json($"{n}"), condition: Absent)))));

        Assert.Single(results, result => result.Outcome == StateOutcome.Stored);
        Assert.Equal(49, results.Count(result => result.Outcome == StateOutcome.ConditionFailed));
    }

    [Fact]
    public async Task Writers_that_compare_and_set_lose_no_update()
    {
        await using var work = await StateAtWork.StartAsync();
        await work.PutAsync("n", "0");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 50;)
            {
                var there = work.Store.Find(Key("n"))!;
                var next = StateAtWork.Json($"{there.As<int>() + 1}");
                var condition = new VersionCondition(new VersionSet(false, [there.Version]), null);
                done += (await work.Store.ApplyAsync(StateOperation.Put(Key("n"), next, condition: condition))).IsDone ? 1 : 0;
            }
        })));

        Assert.Equal(200, work.Store.Find(Key("n"))!.As<int>());
    }

    [Theory]
    [InlineData("5", "1", "6")]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("1.50", "0.50", "2")]
    [InlineData("1e2", "1", "101")]
    [InlineData("9223372036854775807", "1", "9223372036854775808")]
    [InlineData("-3", "3", "0")]
    [InlineData(null, "2.5", "12.5")]
    public async Task Increment_is_exact(string? there, string by, string sum)
    {
        await using var work = await StateAtWork.StartAsync();
        if (there is not null)
        {
            await work.PutAsync("n", there);
        }

        var result = await work.Store.ApplyAsync(StateOperation.Increment(Key("n"), decimal.Parse(by, CultureInfo.InvariantCulture), initial: 10));

        Assert.Equal(StateOutcome.Stored, result.Outcome);
        Assert.Equal(sum, work.Text("n"));
    }

    [Theory]
    [InlineData("\"5\"")]
    [InlineData("null")]
    [InlineData("1e400")]
    [InlineData("0.12345678901234567890123456789012345")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("12345678901234567890123456.75", "0.0001")]
    public async Task Increment_of_a_value_that_is_no_counter_is_refused_and_changes_nothing(string there, string by = "1000000000")
    {
        await using var work = await StateAtWork.StartAsync();
        await work.PutAsync("n", there);
        var result = await work.Store.ApplyAsync(StateOperation.Increment(Key("n"), decimal.Parse(by, CultureInfo.InvariantCulture)));

        Assert.Equal(StateOutcome.Refused, result.Outcome);
        Assert.Equal(there, work.Text("n"));
    }

    [Fact]
    public async Task A_value_expires_exactly_at_its_time_and_is_removed_later()
    {
        var clock = new FakeClock();
        await using var work = await StateAtWork.StartAsync(clock);
        await work.PutAsync("session", "1", TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMicroseconds(1));
        Assert.Equal("1", work.Text("session"));

        clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Null(work.Text("session"));
        Assert.Empty(work.Store.List("", null, 10, default).Items);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => work.Store.Figures.Sum(shard => shard.Expired) == 1 && work.Store.Figures.Sum(shard => shard.Keys) == 0);
    }

    [Fact]
    public async Task A_value_that_has_expired_counts_as_absent_for_a_write()
    {
        var clock = new FakeClock();
        await using var work = await StateAtWork.StartAsync(clock);
        await work.Store.ApplyAsync(StateOperation.Increment(Key("window"), ttl: TimeSpan.FromSeconds(60)));
        clock.Advance(TimeSpan.FromSeconds(59));
        await work.Store.ApplyAsync(StateOperation.Increment(Key("window"), ttl: TimeSpan.FromSeconds(60)));
        Assert.Equal("2", work.Text("window"));
        clock.Advance(TimeSpan.FromSeconds(1));

        var anew = await work.Store.ApplyAsync(StateOperation.Increment(Key("window"), ttl: TimeSpan.FromSeconds(60)));

        Assert.True(anew.Created);
        Assert.Equal("1", work.Text("window"));
    }

    [Fact]
    public async Task A_list_is_a_queue()
    {
        await using var work = await StateAtWork.StartAsync();
        var pushed = await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("1"), StateAtWork.Json("""{"a":"]"}""")]));
        await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("3")]));

        Assert.Equal(2, pushed.Count);
        Assert.Equal("""[1,{"a":"]"},3]""", work.Text("q"));
        Assert.Equal("1", await PopAsync());
        Assert.Equal("""{"a":"]"}""", await PopAsync());
        Assert.Equal("3", await PopAsync());
        Assert.Null(work.Text("q"));
        Assert.Equal(StateOutcome.NotFound, (await work.Store.ApplyAsync(StateOperation.Pop(Key("q")))).Outcome);

        async Task<string> PopAsync() => System.Text.Encoding.UTF8.GetString((await work.Store.ApplyAsync(StateOperation.Pop(Key("q")))).Taken.Span);
    }

    [Fact]
    public async Task A_set_has_each_member_once()
    {
        await using var work = await StateAtWork.StartAsync();
        var added = await work.Store.ApplyAsync(StateOperation.Add(Key("s"), [StateAtWork.Json("1"), StateAtWork.Json("\"a\""), StateAtWork.Json("1.0")]));
        var again = await work.Store.ApplyAsync(StateOperation.Add(Key("s"), [StateAtWork.Json("\"a\"")]));
        var removed = await work.Store.ApplyAsync(StateOperation.Remove(Key("s"), [StateAtWork.Json("1"), StateAtWork.Json("7")]));

        Assert.Equal((2, StateOutcome.Unchanged, 1), (added.Count, again.Outcome, removed.Count));
        Assert.Equal("""["a"]""", work.Text("s"));
    }

    [Fact]
    public async Task Keys_are_listed_by_prefix_in_order_page_by_page()
    {
        await using var work = await StateAtWork.StartAsync();
        for (var n = 0; n < 25; n++)
        {
            await work.PutAsync($"a:{n:00}", $"{n}");
            await work.PutAsync($"b:{n:00}", $"{n}");
        }

        var keys = new List<string>();
        string? after = null;
        do
        {
            var (items, next) = work.Store.List("a:", after, 10, default);
            keys.AddRange(items.Select(item => item.Key));
            after = next;
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(0, 25).Select(n => $"a:{n:00}"), keys);
    }

    [Fact]
    public async Task A_version_is_never_used_twice_even_if_a_write_was_lost()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.WriteInterval = TimeSpan.FromMinutes(30));
        await work.PutAsync("k", "1", durable: true);
        var lost = await work.PutAsync("k", "2");
        await work.DieAsync();

        Assert.Equal("1", work.Text("k"));
        Assert.True((await work.PutAsync("k", "3")).Item!.Version > lost.Item!.Version);
    }

    [Fact]
    public async Task A_version_is_never_used_twice_even_if_the_clock_was_set_back()
    {
        // This clock stands still, so the next run does not begin later than this one.
        await using var work = await StateAtWork.StartAsync(new FakeClock(), options => options.WriteInterval = TimeSpan.FromMinutes(30));
        await work.PutAsync("k", "1", durable: true);
        var lost = await work.PutAsync("k", "2");
        await work.DieAsync();

        Assert.Equal("1", work.Text("k"));
        Assert.True((await work.PutAsync("k", "3")).Item!.Version > lost.Item!.Version);
    }

    [Fact]
    public async Task Many_members_of_a_very_large_set_change_in_one_operation()
    {
        await using var work = await StateAtWork.StartAsync();
        IReadOnlyList<ReadOnlyMemory<byte>> Members(int first, int count) => [.. Enumerable.Range(first, count).Select(n => StateAtWork.Json($$"""{"id":{{n}}}"""))];
        await work.Store.ApplyAsync(StateOperation.Add(Key("s"), Members(0, 50_000)));
        var added = await work.Store.ApplyAsync(StateOperation.Add(Key("s"), Members(49_500, 1_000)));
        var removed = await work.Store.ApplyAsync(StateOperation.Remove(Key("s"), Members(0, 1_000)));

        Assert.Equal((500, 1_000), (added.Count, removed.Count));
        Assert.Equal(49_500, work.Store.Find(Key("s"))!.As<System.Text.Json.JsonElement[]>()!.Length);
    }

    [Fact]
    public async Task A_large_set_stays_correct_over_single_changes_other_changes_and_restarts()
    {
        await using var work = await StateAtWork.StartAsync();
        var members = Enumerable.Range(0, 1_000).ToList();
        await work.Store.ApplyAsync(StateOperation.Add(Key("s"), [.. members.Select(n => StateAtWork.Json($"{n}"))]));
        for (var n = 0; n < 300; n++)
        {
            await work.Store.ApplyAsync(StateOperation.Add(Key("s"), [StateAtWork.Json($"{1_000 + n}")]));
            await work.Store.ApplyAsync(StateOperation.Remove(Key("s"), [StateAtWork.Json($"{n}.0")]));
        }

        members = [.. Enumerable.Range(300, 1_000)];
        Assert.Equal($"[{string.Join(',', members)}]", work.Text("s"));
        await work.ReopenAsync();
        await work.Store.ApplyAsync(StateOperation.Remove(Key("s"), [StateAtWork.Json("700")]));
        await work.Store.ApplyAsync(StateOperation.Push(Key("s"), [StateAtWork.Json("700")]));
        await work.Store.ApplyAsync(StateOperation.Add(Key("s"), [StateAtWork.Json("701")]));
        members.Remove(700);
        Assert.Equal($"[{string.Join(',', members)},700]", work.Text("s"));

        await work.Store.ApplyAsync(StateOperation.Remove(Key("s"), [.. members.Select(n => StateAtWork.Json($"{n}"))]));
        Assert.Equal("[700]", work.Text("s"));
    }

    [Fact]
    public async Task A_durable_write_and_the_deletions_before_it_survive_the_death_of_the_process()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.WriteInterval = TimeSpan.FromMinutes(30));
        await work.PutAsync("k", "1", durable: true);
        await work.Store.ApplyAsync(StateOperation.Delete(Key("k")));
        await work.PutAsync("k", "2", durable: true);
        await work.Store.ApplyAsync(StateOperation.Delete(Key("k")), durable: true);
        await work.PutAsync("other", "3", durable: true);
        await work.PutAsync("lost", "4");
        await work.DieAsync();

        Assert.Null(work.Text("k"));
        Assert.Equal("3", work.Text("other"));
        Assert.Null(work.Text("lost"));
    }
}
