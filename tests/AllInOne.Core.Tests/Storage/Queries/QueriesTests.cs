using AllInOne.Core.Data;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Tests.Storage.Queries;

public sealed class QueriesTests : IDisposable
{
    private const string Endless = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    private const string Short = "SELECT 1";

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

        // Each of these queries would be refused if a long query kept its place.
        var answers = await Task.WhenAll(Enumerable.Range(0, 48).Select(n => database.Readers.QueryAsync(_ => n, default, "one")));

        Assert.Equal(Enumerable.Range(0, 48), answers);
        Assert.DoesNotContain(endless, query => query.Ended.IsCompleted);
        await EndAsync(endless);
    }

    [Fact]
    public async Task Queries_that_pause_for_each_other_begin_once_and_have_their_whole_results()
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
        Assert.Equal(8, begun);
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
    public async Task A_query_that_runs_for_longer_than_its_limit_is_cancelled()
    {
        using var database = Open(new StorageOptions());

        await Assert.ThrowsAsync<QueryTimeoutException>(() => database.Readers.QueryAsync(
            session => session[Endless].Rows(row => row.Int64(0)).Single(), default, limit: TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_check_that_throws_ends_the_statement_with_its_exception_and_is_not_called_again()
    {
        using var database = Open(new StorageOptions());
        using var session = database.File.OpenReader();
        var asked = 0;

        var broken = Assert.Throws<InvalidOperationException>(() => session.Interruptible(
            work =>
            {
                Assert.Throws<SqliteException>(() => work[Endless].Rows(row => row.Int64(0)));
                return work[Endless].Rows(row => row.Int64(0));
            },
            () => throw new InvalidOperationException($"bug {++asked}")));

        Assert.Equal("bug 1", broken.Message);
        Assert.Equal(1, session[Short].Rows(row => row.Int64(0)).Single());
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
