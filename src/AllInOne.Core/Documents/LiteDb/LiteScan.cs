using System.Diagnostics;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;
using AllInOne.Core.Values;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>
/// Reads the documents of a collection in the order of one index, in slices of some milliseconds. Between two slices it holds nothing, so writes and
/// other reads take their turns, and the next slice continues after the last key. A document that was changed in between is seen as it is then.
/// </summary>
/// <param name="index">The index; null for the order of the ids.</param>
/// <param name="range">The range of its keys.</param>
internal sealed class LiteScan(Collection collection, FieldPath? index, IndexRange range, bool descending)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(3);

    private BsonValue? _last;

    /// <summary>Starts after a key: that of a document of an earlier page.</summary>
    public void StartAfter(BsonValue key) => _last = key;

    /// <summary>Reads for one slice.</summary>
    /// <param name="take">Called for each document; false to stop.</param>
    /// <returns>Whether there is nothing more to read.</returns>
    /// <exception cref="CollectionGoneException">The collection was deleted.</exception>
    /// <exception cref="UnavailableException">The index was removed.</exception>
    public bool Read(LiteEngine engine, LiteCatalog catalog, Func<StoredRow, bool> take)
    {
        var there = catalog.Of(collection);
        string? slot = null;
        if (index is not null && !there.Slots.TryGetValue(index, out slot))
        {
            // The list cannot continue in the order of this index.
            throw new UnavailableException($"The index on {index} was removed while the list was read.");
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var document in LiteRows.All(engine, there.Store, Query(slot is null ? "$._id" : LiteRows.KeyIn(slot))))
        {
            var key = slot is null ? document["_id"] : document["k"][slot];
            if (key == _last)
            {
                continue;
            }

            _last = key;
            if (!take(LiteRows.Read(document)))
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(started) > Slice)
            {
                return false;
            }
        }

        return true;
    }

    private Query Query(string expression)
    {
        var query = new Query { OrderBy = BsonExpression.Create(expression), Order = descending ? LiteDB.Query.Descending : LiteDB.Query.Ascending };
        if (index is not null)
        {
            // Both ends are included. The key of the last document comes again and is skipped.
            BsonValue from = range.From, to = range.To;
            (from, to) = (_last, descending) switch
            {
                (null, _) => (from, to),
                ({ } last, false) => (last, to),
                ({ } last, true) => (from, last),
            };
            query.Where.Add(BsonExpression.Create($"{expression} BETWEEN @0 AND @1", from, to));
        }
        else if (_last is { } last)
        {
            query.Where.Add(BsonExpression.Create($"{expression} {(descending ? '<' : '>')} @0", last));
        }

        return query;
    }
}
