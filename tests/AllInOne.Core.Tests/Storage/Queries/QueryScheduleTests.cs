using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Storage.Queries;

public sealed class QueryScheduleTests : IDisposable
{
    private static readonly StorageOptions Defaults = new();
    private static readonly TimeSpan Slice = Defaults.QuerySlice;

    private readonly FakeClock _clock = new();
    private readonly CancellationTokenSource _cancel = new();

    public void Dispose() => _cancel.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(14)]
    public void Short_queries_beside_endless_ones_of_their_client_take_no_longer_than_without_them(int endless)
    {
        var schedule = new QuerySchedule(Defaults, _clock);
        var longOnes = Enumerable.Range(0, endless).Select(_ => Add(schedule, "a")).ToList();
        Run(schedule, longOnes, work: TimeSpan.MaxValue, until: () => longOnes.TrueForAll(query => query.Level > 2));

        var shortOnes = Enumerable.Range(0, 48).Select(_ => Add(schedule, "a")).ToList();
        var took = Run(schedule, shortOnes, work: 3 * Slice, until: () => shortOnes.TrueForAll(query => query.State == QueryState.Ended), beside: longOnes);

        Assert.InRange(took, TimeSpan.Zero, (48 * 3 * Slice / Defaults.Queries) + Slice);
        Assert.True(took < Defaults.QueryWait);
        Assert.Equal(Defaults.Queries, longOnes.Count(query => query.State == QueryState.Running));
        Assert.All(longOnes, query => Assert.Null(query.Refusal));
    }

    [Fact]
    public void Scans_beside_heavier_queries_of_their_client_that_have_run_for_longer_take_no_longer_than_without_them()
    {
        var schedule = new QuerySchedule(Defaults, _clock);
        var heavy = Enumerable.Range(0, 4).Select(_ => Add(schedule, "a")).ToList();
        Run(schedule, heavy, work: TimeSpan.MaxValue, until: () => heavy.TrueForAll(query => query.Ran > 16 * Slice));

        var scans = Enumerable.Range(0, 8).Select(_ => Add(schedule, "a")).ToList();
        var took = Run(schedule, scans, work: 15 * Slice, until: () => scans.TrueForAll(query => query.State == QueryState.Ended), beside: heavy);

        Assert.InRange(took, TimeSpan.Zero, (8 * 15 * Slice / Defaults.Queries) + Slice);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(40)]
    public void A_query_is_not_delayed_by_any_number_of_queries_of_another_client(int many)
    {
        var schedule = new QuerySchedule(Defaults, _clock);
        var others = Enumerable.Range(0, many).Select(_ => Add(schedule, "many")).ToList();
        Run(schedule, others, work: TimeSpan.MaxValue, until: () => others[0].Level > 0);

        foreach (var work in new[] { 2 * Slice, 10 * Slice, 50 * Slice })
        {
            var few = Add(schedule, "few");
            var took = Run(schedule, [few], work, until: () => few.State == QueryState.Ended, beside: others);
            Assert.InRange(took, work, work + (2 * Slice));
        }
    }

    [Fact]
    public void Clients_with_scans_beside_one_with_many_endless_queries_get_their_shares()
    {
        var schedule = new QuerySchedule(Defaults, _clock);
        var endless = Enumerable.Range(0, 40).Select(_ => Add(schedule, "many")).ToList();
        Run(schedule, endless, work: TimeSpan.MaxValue, until: () => endless[0].Level > 0);
        var scans = Enumerable.Range(0, 40).Select(n => Add(schedule, $"client {n % 5}")).ToList();

        var took = Run(schedule, scans, work: 8 * Slice, until: () => scans.TrueForAll(query => query.State == QueryState.Ended), beside: endless);

        // Five clients of six have five sixths of two places.
        Assert.InRange(took, TimeSpan.Zero, (40 * 8 * Slice / Defaults.Queries * 6 / 5) + (10 * Slice));
        Assert.All(scans, query => Assert.Null(query.Refusal));
    }

    [Fact]
    public void A_client_gathers_no_credit_while_it_has_no_queries()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        var old = Add(schedule, "old");
        Assert.True(schedule.MayContinue(old, 50 * Slice));
        var other = Add(schedule, "new");

        Assert.False(schedule.MayContinue(old, Slice));
        Assert.True(schedule.MayContinue(other, Slice));
        Assert.True(schedule.MayContinue(other, 49 * Slice));
        Assert.False(schedule.MayContinue(other, 2 * Slice));

        Assert.Equal(QueryState.Running, old.State);
    }

    [Fact]
    public void A_client_that_asks_again_still_has_its_used_service()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        var first = Add(schedule, "a");
        var other = Add(schedule, "b");
        _clock.Advance(10 * Slice);
        schedule.Remove(first);
        var second = Add(schedule, "a");

        Assert.True(schedule.MayContinue(other, 10.9 * Slice));
        Assert.False(schedule.MayContinue(other, 0.2 * Slice));

        Assert.Equal(QueryState.Running, second.State);
    }

    [Fact]
    public void A_client_opens_no_more_queries_than_it_leaves_to_others()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1, OpenQueries = 8 }, _clock);
        var many = Enumerable.Range(0, 8).Select(_ => Add(schedule, "many")).ToList();
        Run(schedule, many, TimeSpan.MaxValue, until: () => many.Sum(query => query.Ran.TotalSeconds) > 6 * Slice.TotalSeconds);

        var few = Add(schedule, "few");
        Run(schedule, many, TimeSpan.MaxValue, until: () => few.State == QueryState.Running);

        Assert.Equal(4, many.Count(query => query.IsOpen));
        Assert.All(many, query => Assert.Null(query.Refusal));
    }

    [Fact]
    public void If_a_client_has_only_long_queries_the_shortest_is_refused_for_its_new_query()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1, OpenQueries = 4 }, _clock);
        var open = new[] { Add(schedule, "a"), Add(schedule, "a") };
        Run(schedule, open, TimeSpan.MaxValue, until: () => open.All(query => query.Level > 2));
        var paused = open.Single(query => query.State == QueryState.Waiting);

        var other = Add(schedule, "a");

        Assert.Contains("Storage:OpenQueries", paused.Refusal, StringComparison.Ordinal);
        Assert.False(schedule.MayContinue(open.Single(query => query != paused), Slice / 100));
        Assert.Equal(QueryState.Running, other.State);
    }

    [Fact]
    public void A_long_query_gives_way_to_a_new_one_at_once_and_runs_again_after_it()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        var old = Add(schedule, "a");
        Assert.True(schedule.MayContinue(old, 1.5 * Slice));
        var other = Add(schedule, "a");

        Assert.False(schedule.MayContinue(old, Slice / 100));

        Assert.Equal((QueryState.Waiting, QueryState.Running), (old.State, other.State));
        schedule.Remove(other);
        Assert.Equal(QueryState.Running, old.State);
        Assert.Equal(1.51 * Slice, old.Ran);
    }

    [Fact]
    public void A_query_that_has_run_for_less_than_a_slice_does_not_pause()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        var first = Add(schedule, "a");
        var second = Add(schedule, "b");

        Assert.True(schedule.MayContinue(first, 0.9 * Slice));
        Assert.False(schedule.MayContinue(first, 0.2 * Slice));

        Assert.Equal(QueryState.Running, second.State);
    }

    [Fact]
    public void A_free_place_goes_to_the_client_with_the_fewest_running_queries()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 2 }, _clock);
        var running = new[] { Add(schedule, "one"), Add(schedule, "many") };
        var many = Add(schedule, "many");
        var few = Add(schedule, "few");

        schedule.Remove(running[0]);

        Assert.Equal((QueryState.Waiting, QueryState.Running), (many.State, few.State));
    }

    [Fact]
    public void Clients_get_a_free_place_in_turn_however_many_queries_each_has()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        var many = Enumerable.Range(0, 4).Select(_ => Add(schedule, "many")).ToList();
        var few = Enumerable.Range(0, 2).Select(_ => Add(schedule, "few")).ToList();
        var order = new List<QueryTurn>();
        while (many.Concat(few).FirstOrDefault(query => query.State == QueryState.Running) is { } running)
        {
            order.Add(running);
            schedule.Remove(running);
        }

        Assert.Equal([many[0], few[0], many[1], few[1], many[2], many[3]], order);
    }

    [Fact]
    public void A_client_with_a_long_query_keeps_one_place_beside_another_with_many_long_ones()
    {
        var schedule = new QuerySchedule(Defaults, _clock);
        var many = Enumerable.Range(0, 8).Select(_ => Add(schedule, "many")).ToList();
        Run(schedule, many, work: TimeSpan.MaxValue, until: () => many.TrueForAll(query => query.Level > 2));
        var before = many.Sum(query => query.Ran.TotalSeconds);
        var few = Add(schedule, "few");

        var took = Run(schedule, [few, .. many], work: TimeSpan.MaxValue, until: () => few.Ran >= 50 * Slice);

        Assert.InRange(took, 50 * Slice, 51 * Slice);
        Assert.InRange(many.Sum(query => query.Ran.TotalSeconds) - before, 49 * Slice.TotalSeconds, 52 * Slice.TotalSeconds);
    }

    [Fact]
    public void Long_queries_of_many_clients_end_one_after_the_other_rather_than_all_late()
    {
        var schedule = new QuerySchedule(Defaults, _clock);
        var longOnes = Enumerable.Range(0, 12).Select(n => Add(schedule, $"client {n}")).ToList();

        Run(schedule, longOnes, work: 50 * Slice, until: () => longOnes.Count(query => query.State == QueryState.Ended) == 6);

        Assert.Equal(6, longOnes.Count(query => query.State != QueryState.Ended && query.Ran < 33 * Slice));
    }

    [Fact]
    public void If_only_long_queries_are_open_the_shortest_of_the_busiest_client_is_refused_for_a_new_query()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1, OpenQueries = 4 }, _clock);
        var few = Add(schedule, "few");
        var third = Add(schedule, "third");
        var many = new[] { Add(schedule, "many"), Add(schedule, "many", isRefusable: false) };
        QueryTurn[] open = [few, third, .. many];
        Run(schedule, open, TimeSpan.MaxValue, until: () => open.All(query => query.Level > 2) && few.State == QueryState.Running);

        var other = Add(schedule, "new");

        Assert.Contains("Storage:OpenQueries", many[0].Refusal, StringComparison.Ordinal);
        Assert.Equal(QueryState.Ended, many[0].State);
        Run(schedule, open, TimeSpan.MaxValue, until: () => other.State == QueryState.Running);
        Assert.Null(many[1].Refusal);
    }

    [Fact]
    public void If_a_short_query_is_open_a_new_query_waits_and_none_is_refused()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1, OpenQueries = 2 }, _clock);
        var open = new[] { Add(schedule, "a"), Add(schedule, "b") };
        Assert.False(schedule.MayContinue(open[0], 20 * Slice));
        var other = Add(schedule, "c");

        Assert.True(schedule.MayContinue(open[1], Slice));
        Assert.All(open, query => Assert.Null(query.Refusal));
        schedule.Remove(open[1]);

        Assert.Equal(QueryState.Running, other.State);
    }

    [Fact]
    public async Task A_query_that_stops_waiting_leaves_its_place_to_the_next()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        var running = Add(schedule, "a");
        var cancelled = new QueryTurn(schedule, "b", TimeSpan.FromMinutes(1), limit: null, _cancel.Token);
        var waiting = cancelled.EnterAsync();
        using var next = new QueryTurn(schedule, "c", TimeSpan.FromMinutes(1), limit: null, default);
        var entered = next.EnterAsync();

        await _cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        cancelled.Dispose();
        running.Dispose();

        await entered;
    }

    [Fact]
    public async Task The_limit_counts_the_time_of_all_turns_and_no_pause()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        using var turn = new QueryTurn(schedule, "a", TimeSpan.FromMinutes(1), limit: 3 * Slice, default);
        await turn.EnterAsync();
        _clock.Advance(2 * Slice);
        turn.Continue();
        var other = Add(schedule, "a");
        _clock.Advance(Slice / 2);
        var paused = Task.Factory.StartNew(turn.Continue, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Until.TrueAsync(() => other.State == QueryState.Running);
        _clock.Advance(10 * Slice);
        other.Dispose();
        await paused;

        _clock.Advance(Slice / 4);
        turn.Continue();
        _clock.Advance(Slice / 2);

        var late = Assert.Throws<QueryTimeoutException>(turn.Continue);
        Assert.Contains((3 * Slice).ToString(), late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_pauses_for_longer_than_it_may_wait_in_total_is_refused_and_leaves_nothing_behind()
    {
        var schedule = new QuerySchedule(new StorageOptions { Queries = 1 }, _clock);
        using var turn = new QueryTurn(schedule, "a", wait: TimeSpan.FromMilliseconds(1), limit: null, default);
        await turn.EnterAsync();
        using var other = Add(schedule, "b");
        _clock.Advance(Slice);

        var refused = await Assert.ThrowsAsync<UnavailableException>(
            () => Task.Factory.StartNew(turn.Continue, default, TaskCreationOptions.LongRunning, TaskScheduler.Default));

        Assert.StartsWith("Broken off", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:QueryWait", refused.Message, StringComparison.Ordinal);
        Assert.True(schedule.MayContinue(other, 10 * Slice));
    }

    private static QueryTurn Add(QuerySchedule schedule, string caller, bool isRefusable = true)
    {
        var turn = new QueryTurn(schedule, caller, isRefusable ? TimeSpan.FromMinutes(1) : null, limit: null, default);
        schedule.Add(turn);
        return turn;
    }

    /// <summary>Runs the queries in steps of a hundredth of a slice, and removes each completed query.</summary>
    /// <returns>The elapsed time on the clock of the queries.</returns>
    private static TimeSpan Run(
        QuerySchedule schedule, IReadOnlyList<QueryTurn> queries, TimeSpan work, Func<bool> until, IReadOnlyList<QueryTurn>? beside = null)
    {
        var step = Slice / 100;
        var took = TimeSpan.Zero;
        for (; !until(); took += step)
        {
            Assert.True(took < TimeSpan.FromMinutes(2), "The queries have not come so far in two minutes.");
            foreach (var query in queries.Concat(beside ?? []).Where(query => query.State == QueryState.Running).ToList())
            {
                if (schedule.MayContinue(query, step) && query.Ran >= work && queries.Contains(query))
                {
                    schedule.Remove(query);
                }
            }
        }

        return took;
    }
}
