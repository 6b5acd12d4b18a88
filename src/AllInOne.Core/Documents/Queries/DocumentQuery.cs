using AllInOne.Core.Documents.Queries.Filters;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// What a client asks of a list: which documents (<c>filter</c>), in which order (<c>sort</c>) and from where on (<c>cursor</c>). It is made for
/// each request from what the client wrote, immutable, and owned by that request; all that can be wrong with it is found here, as a
/// <see cref="QueryException"/>, before anything is read. docs/filters.md has the language and its exact meaning.
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

    /// <param name="scope">What the list is a list of, such as the collection's name: a cursor from elsewhere is refused.</param>
    /// <param name="filter">Null or blank for all.</param>
    /// <param name="sort">Null or empty for the order of the ids.</param>
    /// <param name="cursor">Null for the first page.</param>
    /// <exception cref="QueryException">One of them cannot be understood or is past a limit.</exception>
    public static DocumentQuery Parse(string scope, string? filter, string? sort, string? cursor, QueryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(limits);
        return new DocumentQuery(
            scope, filter is null ? null : FilterParser.Parse(filter, limits), Sort.Parse(sort, limits), cursor);
    }

    /// <summary>
    /// The steps of reading a page, to be run one after another, each for what is still missing of the page, until it is full: one step, or
    /// two behind a cursor. The text depends on the shape of the query alone, not on its values, so a prepared statement can be kept by it.
    /// </summary>
    internal IReadOnlyList<QuerySql> ToSql() => _place is null
        ? [Step(null, 0)]
        : [.. SortSql.After(_sort, _place).Select(after => Step(after.Where, after.From))];

    /// <summary>The cursor of the page after a row.</summary>
    /// <param name="keys">What that row has in <see cref="QuerySql.Keys"/>.</param>
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
