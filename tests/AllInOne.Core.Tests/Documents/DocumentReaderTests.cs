using System.Diagnostics;
using System.Text;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Documents;

public sealed class DocumentReaderTests
{
    [Fact]
    public async Task Slow_queries_delay_no_read_of_one_document_and_the_next_query_is_refused_for_now()
    {
        await using var work = new DocumentsAtWork(storage: new StorageOptions { Queries = 2, QueryWait = TimeSpan.FromMilliseconds(20) });
        var things = await work.CollectionAsync();
        await work.Documents.PutAsync(things, DocumentId.Parse("x"), "{}"u8.ToArray(), VersionCondition.None, default);
        using var over = new ManualResetEventSlim();
        var slow = new[] { HoldAsync(work, over), HoldAsync(work, over) };
        await Task.WhenAll(slow.Select(query => query.Begun));

        Assert.NotNull(await work.Documents.GetAsync(things, DocumentId.Parse("x"), default));
        var refused = await Assert.ThrowsAsync<UnavailableException>(() => ListAsync(work, things, null));
        await Assert.ThrowsAsync<UnavailableException>(() => work.Documents.CountAsync(things, default));
        await Assert.ThrowsAsync<UnavailableException>(async () =>
        {
            await foreach (var _ in work.Documents.ExportAsync(things, default))
            {
            }
        });

        Assert.StartsWith("Not begun: 2 other queries", refused.Message, StringComparison.Ordinal);
        over.Set();
        await Task.WhenAll(slow.Select(query => query.Ended));
        Assert.Single((await ListAsync(work, things, null)).Documents);
    }

    [Fact]
    public async Task The_time_that_a_query_waits_for_its_turn_does_not_count_as_its_own()
    {
        await using var work = new DocumentsAtWork(storage: new StorageOptions { Queries = 1, QueryWait = TimeSpan.FromMinutes(1) });
        var things = await work.CollectionAsync();
        work.Options.QueryTimeout = TimeSpan.FromMilliseconds(500);
        using var over = new ManualResetEventSlim();
        var (begun, ended) = HoldAsync(work, over);
        await begun;

        var began = Stopwatch.StartNew();
        var waiting = ListAsync(work, things, null);
        await Until.TrueAsync(() => began.Elapsed > work.Options.QueryTimeout * 1.2);
        over.Set();

        Assert.Empty((await waiting).Documents);
        await ended;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-n")]
    [InlineData("n,-id")]
    public async Task A_page_of_large_documents_ends_before_its_limit_and_the_next_page_continues_after_it(string? sort)
    {
        await using var work = new DocumentsAtWork();
        var things = await work.CollectionAsync();
        work.Options.MaxPageBytes = 2_000;
        var sizes = Enumerable.Range(0, 60).Select(n => n == 30 ? 5_000 : 300).ToList();
        await work.Documents.ImportAsync(
            things, [.. sizes.Select((size, n) => Body($$"""{"id":"d{{n:00}}","n":{{n % 3}},"text":"{{new string('x', size)}}"}"""))], default);

        var all = new List<Document>();
        string? cursor = null;
        do
        {
            var (page, next) = await ListAsync(work, things, sort, cursor, limit: 50);
            Assert.InRange(page.Take(page.Count - 1).Sum(document => document.Data.Length), 0, 1_999);
            Assert.True(next is null || page.Sum(document => document.Data.Length) >= 2_000);
            all.AddRange(page);
            cursor = next;
        }
        while (cursor is not null);

        var (whole, _) = await WholeAsync(work, things, sort);
        Assert.Equal(whole.Select(document => document.Id), all.Select(document => document.Id));
        Assert.Equal(60, all.Count);
    }

    private static Task<(IReadOnlyList<Document> Documents, string? Next)> WholeAsync(DocumentsAtWork work, Collection things, string? sort)
    {
        work.Options.MaxPageBytes = int.MaxValue;
        return ListAsync(work, things, sort, limit: 1000);
    }

    private static Task<(IReadOnlyList<Document> Documents, string? Next)> ListAsync(
        DocumentsAtWork work, Collection things, string? sort, string? cursor = null, int limit = 10) =>
        work.Documents.ListAsync(things, DocumentQuery.Parse(things.Name.Value, null, sort, cursor, QueryLimits.Default), limit, default);

    /// <summary>Starts a query that ends when the test sets the event.</summary>
    private static (Task Begun, Task Ended) HoldAsync(DocumentsAtWork work, ManualResetEventSlim over)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = work.Database.Readers.QueryAsync(
            _ =>
            {
                begun.SetResult();
                over.Wait();
                return true;
            },
            CancellationToken.None);
        return (begun.Task, ended);
    }

    private static DocumentBody Body(string json) => DocumentBody.Read(Encoding.UTF8.GetBytes(json), new DocumentsOptions()).Body!;
}
