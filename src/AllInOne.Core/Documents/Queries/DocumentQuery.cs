using AllInOne.Core.Documents.Queries.Filters;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// The query of a list: a filter (<c>filter</c>), an order (<c>sort</c>) and a start (<c>cursor</c>). It is created for each request from the texts
/// of the client, immutable, and owned by this request. All errors are found when it is created, before any read, as a <see cref="QueryException"/>.
/// docs/filters.md has the language and its exact meaning.
/// </summary>
public sealed class DocumentQuery
{
    private readonly Filter? _filter;
    private readonly Sort _sort;
    private readonly byte[] _hash;
    private readonly IReadOnlyList<SqliteValue>? _place;

    private DocumentQuery(string scope, Filter? filter, Sort sort, string? cursor)
    {
        (_filter, _sort) = (filter, sort);
        _hash = QueryCursor.Hash(scope, filter?.ToString() ?? "", sort.ToString());
        _place = cursor is null ? null : QueryCursor.Read(cursor, _hash, sort.Fields.Count);
    }

    /// <summary>Reads a query.</summary>
    /// <param name="scope">The name of the list, such as the name of the collection. A cursor of another list is refused.</param>
    /// <param name="filter">The filter; null or blank for all documents.</param>
    /// <param name="sort">The order; null or empty for the order of the ids.</param>
    /// <param name="cursor">The cursor; null for the first page.</param>
    /// <exception cref="QueryException">One of the texts is invalid, or exceeds a limit.</exception>
    public static DocumentQuery Parse(string scope, string? filter, string? sort, string? cursor, QueryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(limits);
        return new DocumentQuery(
            scope, filter is null ? null : FilterParser.Parse(filter, limits), Sort.Parse(sort, limits), cursor);
    }

    /// <summary>
    /// The steps that read a page: one step, or two steps after a cursor. Run them one after another until the page is full; each reads the rows that
    /// are still missing. The text depends only on the shape of the query, not on its values.
    /// </summary>
    internal IReadOnlyList<QuerySql> ToSql() => _place is null
        ? [Step(null, 0)]
        : [.. SortSql.After(_sort, _place).Select(after => Step(after.Where, after.From))];

    /// <summary>The cursor of the page that starts after a row.</summary>
    /// <param name="keys">The values of this row for <see cref="QuerySql.Keys"/>.</param>
    internal string CursorAfter(IReadOnlyList<SqliteValue> keys) => QueryCursor.Write(_hash, keys);

    private QuerySql Step(Func<QueryParameters, string>? after, int from)
    {
        var parameters = new QueryParameters();
        var filter = _filter is null ? null : FilterSql.Compile(_filter, parameters);
        var where = (after?.Invoke(parameters), filter) switch
        {
            (null, null) => "1",
            (null, { } only) => only,
            ({ } only, null) => only,
            var (place, condition) => $"{place} AND {condition}",
        };
        return new QuerySql($"({where})", SortSql.OrderBy(_sort, from), SortSql.Keys(_sort), parameters.Values);
    }
}
