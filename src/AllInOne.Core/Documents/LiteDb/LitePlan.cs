using System.Text;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;
using LiteDB;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>How a list is read.</summary>
/// <param name="Index">The path whose index is read; null for the order of the ids.</param>
/// <param name="Range">The range of the index.</param>
/// <param name="IsOrdered">Whether the index gives the order of the query. Otherwise all matches are read and sorted.</param>
internal sealed record LitePlan(FieldPath? Index, IndexRange Range, bool IsOrdered)
{
    /// <summary>Chooses the index: one value of an index first, then the order of the query, then a range of an index, then the ids.</summary>
    public static LitePlan Of(DocumentQuery query, LiteCollection collection)
    {
        LitePlan? best = null;
        foreach (var path in collection.Slots.Keys)
        {
            var range = IndexRange.Of(query.Filter, path);
            var plan = new LitePlan(path, range ?? IndexRange.Whole, IsOrder(query.Sort, path));
            if ((range is not null || plan.IsOrdered) && (best is null || plan.Rank > best.Rank))
            {
                best = plan;
            }
        }

        var byId = new LitePlan(null, IndexRange.Whole, query.Sort.Fields.Count == 1);
        return best is null || byId.Rank > best.Rank ? byId : best;
    }

    /// <summary>The scan of this plan, from the place at which the query starts.</summary>
    public LiteScan Scan(Collection collection, DocumentQuery query)
    {
        var scan = new LiteScan(collection, Index, Range, IsOrdered && query.Sort.Fields[0].Descending);
        if (IsOrdered && query.Place is { } place)
        {
            var id = Encoding.UTF8.GetString(place[^1].Utf8.Span);
            scan.StartAfter(Index is null ? new BsonValue(id) : new BsonValue(IndexKey.Of(place[0], id)));
        }

        return scan;
    }

    private int Rank => (Range.IsEquality ? 4 : 0) + (IsOrdered ? 2 : 0) + (Range != IndexRange.Whole ? 1 : 0);

    private static bool IsOrder(Sort sort, FieldPath path) =>
        sort.Fields.Count == 2 && sort.Fields[0].Field == path && sort.Fields[1].Field == FieldPath.Id && sort.Fields[0].Descending == sort.Fields[1].Descending;
}
