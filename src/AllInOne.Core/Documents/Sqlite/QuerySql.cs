using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>
/// One step that reads a page: <c>SELECT …, Keys FROM … WHERE Where ORDER BY OrderBy LIMIT …</c>. The only text of a client in it are checked and
/// quoted paths.
/// </summary>
/// <param name="Where">A condition in parentheses.</param>
/// <param name="OrderBy">The text after ORDER BY.</param>
/// <param name="Keys">Further expressions to select. Their values in the last row make the cursor.</param>
/// <param name="Parameters">The values to bind, from 1 on.</param>
internal sealed record QuerySql(string Where, string OrderBy, IReadOnlyList<string> Keys, IReadOnlyList<StoredValue> Parameters)
{
    /// <summary>
    /// The steps that read a page: one step, or two steps after a cursor. Run them one after another until the page is full; each reads the rows that
    /// are still missing. The text depends only on the shape of the query, not on its values.
    /// </summary>
    public static IReadOnlyList<QuerySql> StepsOf(DocumentQuery query) => query.Place is { } place
        ? [.. SortSql.After(query.Sort, place).Select(after => Step(query, after.Where, after.From))]
        : [Step(query, null, 0)];

    private static QuerySql Step(DocumentQuery query, Func<QueryParameters, string>? after, int from)
    {
        var parameters = new QueryParameters();
        var filter = query.Filter is { } asked ? FilterSql.Compile(asked, parameters) : null;
        var where = (after?.Invoke(parameters), filter) switch
        {
            (null, null) => "1",
            (null, { } only) => only,
            ({ } only, null) => only,
            var (place, condition) => $"{place} AND {condition}",
        };
        return new QuerySql($"({where})", SortSql.OrderBy(query.Sort, from), SortSql.Keys(query.Sort), parameters.Values);
    }
}
