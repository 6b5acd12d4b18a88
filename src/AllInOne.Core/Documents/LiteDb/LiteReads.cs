using System.Runtime.CompilerServices;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>
/// Reads documents of a LiteDB file. Each read waits for its turn in the lane. A list, a count and an export take many short turns, so a list may see
/// a part of a change that was made meanwhile.
/// </summary>
internal sealed class LiteReads(LiteLane lane, DocumentsOptions options, TimeProvider time) : IDocumentReads
{
    public async Task<Document?> GetAsync(Collection collection, DocumentId id, Func<long, bool>? hold, CancellationToken cancel)
    {
        var found = await lane.RunAsync(
            (engine, catalog) => LiteRows.Read(engine.Engine, catalog.Of(collection).Store, id.Value), cancel)
            .ConfigureAwait(false);
        return found is not { } stored ? null
            : hold?.Invoke(stored.Data.Length) == false ? throw AnswerMemory.Full()
            : LiteRows.ToDocument(stored);
    }

    public async Task<(IReadOnlyList<Document> Documents, string? Next)> ListAsync(
        Collection collection, DocumentQuery query, int limit, Func<long, bool>? hold, string caller, CancellationToken cancel)
    {
        var turns = new Turns(lane, time, options.QueryTimeout, cancel);
        var plan = await turns.RunAsync((_, catalog) => LitePlan.Of(query, catalog.Of(collection))).ConfigureAwait(false);
        var scan = plan.Scan(collection, query);
        var page = new ListPage(query, limit, options.MaxPageBytes, hold);
        if (plan.IsOrdered)
        {
            await turns.ReadAsync(scan, row => !IsMatch(query, row) || page.Add(row)).ConfigureAwait(false);
            return page.Result();
        }

        var first = new FirstPlaces(query.Sort, limit + 1);
        await turns.ReadAsync(scan, row =>
        {
            if (IsMatch(query, row))
            {
                first.Add(row);
            }

            return true;
        }).ConfigureAwait(false);
        foreach (var id in first.Ids())
        {
            var row = await turns.RunAsync((engine, catalog) => LiteRows.Read(engine.Engine, catalog.Of(collection).Store, id)).ConfigureAwait(false);
            if (row is { } stored && IsMatch(query, stored) && !page.Add(stored))
            {
                break;
            }
        }

        return page.Result();
    }

    public async Task<long> CountAsync(Collection collection, string caller, CancellationToken cancel)
    {
        var count = 0L;
        await new Turns(lane, time, options.QueryTimeout, cancel).ReadAsync(new LiteScan(collection, null, IndexRange.Whole, false), _ =>
        {
            count++;
            return true;
        }).ConfigureAwait(false);
        return count;
    }

    public async IAsyncEnumerable<Document> AllAsync(Collection collection, string caller, [EnumeratorCancellation] CancellationToken cancel)
    {
        var scan = new LiteScan(collection, null, IndexRange.Whole, false);
        for (var isEnd = false; !isEnd;)
        {
            var (page, bytes) = (new List<Document>(), 0);
            isEnd = await lane.RunAsync(
                (engine, catalog) => scan.Read(engine.Engine, catalog, row =>
                {
                    page.Add(LiteRows.ToDocument(row));
                    bytes += row.Data.Length;
                    return bytes < DocumentsOptions.ExportPageBytes;
                }) && bytes < DocumentsOptions.ExportPageBytes,
                cancel).ConfigureAwait(false);
            foreach (var document in page)
            {
                yield return document;
            }
        }
    }

    private static bool IsMatch(DocumentQuery query, StoredRow row) =>
        (query.Place is not { } place || SortKeys.Compare(query.Sort, SortKeys.Of(row, query.Sort), place) > 0)
        && (query.Filter is not { } filter || FilterEvaluator.Matches(filter, row));

    /// <summary>The turns of one query, which together may take the query timeout.</summary>
    private sealed class Turns(LiteLane lane, TimeProvider time, TimeSpan limit, CancellationToken cancel)
    {
        private TimeSpan _used;

        public Task<T> RunAsync<T>(Func<Files.GuardedEngine, LiteCatalog, T> work) => lane.RunAsync(
            (engine, catalog) =>
            {
                var start = time.GetTimestamp();
                var done = work(engine, catalog);
                _used += time.GetElapsedTime(start);
                return done;
            },
            cancel);

        public async Task ReadAsync(LiteScan scan, Func<StoredRow, bool> take)
        {
            while (!await RunAsync((engine, catalog) => scan.Read(engine.Engine, catalog, take)).ConfigureAwait(false))
            {
                if (_used > limit)
                {
                    throw new QueryTimeoutException(limit);
                }

                // Another caller gets the next turn, even if this one could continue at once.
                await Task.Yield();
            }
        }
    }
}
