using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Tests.Storage;

public sealed class QueryLanesTests : IDisposable
{
    private const string Endless = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private readonly TemporaryDirectory _root = new();
    private readonly CancellationTokenSource _over = new();

    public void Dispose()
    {
        _over.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task A_short_query_is_answered_while_more_endless_ones_than_there_are_places_run_and_wait()
    {
        using var database = Open(new StorageOptions { Queries = 1, QuerySlice = TimeSpan.FromMilliseconds(5), QueryWait = TimeSpan.FromMinutes(1) });
        var endless = Enumerable.Range(0, 12).Select(_ => RunEndless(database, "one")).ToList();
        await Task.WhenAll(endless.Select(query => Task.WhenAny(query.Begun, query.Ended)));

        // Each of these would be refused where a long query keeps its place.
        var answers = await Task.WhenAll(Enumerable.Range(0, 48).Select(n => database.Readers.QueryAsync(_ => n, default, "one")));

        Assert.Equal(Enumerable.Range(0, 48), answers);
        Assert.DoesNotContain(endless, query => query.Ended.IsCompleted);
        await EndAsync(endless);
    }

    [Fact]
    public async Task A_query_that_gave_way_begins_again_and_has_its_whole_result()
    {
        using var database = Open(new StorageOptions { Queries = 1, QuerySlice = TimeSpan.FromMilliseconds(1), QueryWait = TimeSpan.FromHours(1) });
        const string Long = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n";
        var begun = 0;

        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.Readers.QueryAsync(
            session =>
            {
                Interlocked.Increment(ref begun);
                return session[Long].Rows(row => row.Int64(0)).Single();
            },
            default)));

        Assert.All(counts, count => Assert.Equal(300_000, count));
        Assert.InRange(begun, 9, 24);
    }

    [Fact]
    public async Task A_query_that_finds_no_place_among_the_long_ones_is_refused_and_says_why()
    {
        using var database = Open(new StorageOptions { Queries = 1, QuerySlice = TimeSpan.FromMilliseconds(1), QueryWait = TimeSpan.Zero });
        var endless = Enumerable.Range(0, 8).Select(_ => RunEndless(database, "one")).ToList();

        var first = await Task.WhenAny(endless.Select(query => query.Ended));

        var refused = await Assert.ThrowsAsync<UnavailableException>(() => first);
        Assert.Contains("Storage:QueryWait", refused.Message, StringComparison.Ordinal);
        await EndAsync(endless);
    }

    [Fact]
    public async Task A_query_that_runs_for_longer_than_its_limit_is_broken_off()
    {
        using var database = Open(new StorageOptions());

        await Assert.ThrowsAsync<QueryTimeoutException>(() => database.Readers.QueryAsync(
            session => session[Endless].Rows(row => row.Int64(0)).Single(), default, limit: TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task A_free_place_goes_to_the_caller_with_the_fewest_queries()
    {
        var lane = new QueryLane(places: 2, perCaller: 2, slice: null);
        Assert.True(lane.TryEnter("many"));
        Assert.True(lane.TryEnter("other"));
        var many = lane.EnterAsync("many", Timeout.InfiniteTimeSpan, default);
        var few = lane.EnterAsync("few", Timeout.InfiniteTimeSpan, default);

        lane.Leave("other");

        Assert.True(await few);
        Assert.False(many.IsCompleted);
        lane.Leave("many");
        Assert.True(await many);
    }

    [Fact]
    public async Task One_caller_leaves_a_place_to_others()
    {
        var lane = new QueryLane(places: 3, perCaller: 2, slice: null);
        Assert.True(lane.TryEnter("many"));
        Assert.True(lane.TryEnter("many"));
        var waits = lane.EnterAsync("many", Timeout.InfiniteTimeSpan, default);

        Assert.True(lane.TryEnter("few"));
        lane.Leave("few");

        Assert.False(waits.IsCompleted);
        lane.Leave("many");
        Assert.True(await waits);
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_leaves_its_place_to_the_next()
    {
        var lane = new QueryLane(places: 1, perCaller: 1, slice: null);
        Assert.True(lane.TryEnter("a"));
        using var gone = new CancellationTokenSource();
        var cancelled = lane.EnterAsync("b", Timeout.InfiniteTimeSpan, gone.Token);
        var next = lane.EnterAsync("c", Timeout.InfiniteTimeSpan, default);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(await lane.EnterAsync("d", TimeSpan.Zero, default));
        lane.Leave("a");
        Assert.True(await next);
        lane.Leave("c");
        Assert.False(lane.IsWanted);
    }

    private Database Open(StorageOptions options)
    {
        var directory = DataDirectory.Claim(_root["data"]);
        directory.Dispose();
        return Database.Open(DataFiles.Main(directory.Path), options, TimeProvider.System);
    }

    private (Task Begun, Task Ended) RunEndless(Database database, string caller)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = database.Readers.QueryAsync(
            session =>
            {
                begun.TrySetResult();
                return session[Endless].Rows(row => row.Int64(0)).Single();
            },
            _over.Token, caller);
        return (begun.Task, ended);
    }

    private async Task EndAsync(IEnumerable<(Task Begun, Task Ended)> endless)
    {
        await _over.CancelAsync();
        await Task.WhenAll(endless.Select(query => query.Ended)).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
