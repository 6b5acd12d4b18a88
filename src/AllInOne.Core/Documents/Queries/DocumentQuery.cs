using AllInOne.Core.Documents.Queries.Filters;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// The query of a list: a filter (<c>filter</c>), an order (<c>sort</c>) and a start (<c>cursor</c>). It is created for each request from the texts
/// of the client, immutable, and owned by this request. All errors are found when it is created, before any read, as a <see cref="QueryException"/>.
/// docs/filters.md has the language and its exact meaning.
/// </summary>
public sealed class DocumentQuery
{
    private readonly byte[] _hash;

    private DocumentQuery(string scope, Filter? filter, Sort sort, string? cursor)
    {
        (Filter, Sort) = (filter, sort);
        _hash = QueryCursor.Hash(scope, filter?.ToString() ?? "", sort.ToString());
        Place = cursor is null ? null : QueryCursor.Read(cursor, _hash, sort.Fields.Count);
    }

    /// <summary>The condition for the documents; null for all.</summary>
    internal Filter? Filter { get; }

    internal Sort Sort { get; }

    /// <summary>The sort keys of the last document of the previous page; null for the first page.</summary>
    internal IReadOnlyList<StoredValue>? Place { get; }

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

    /// <summary>The cursor of the page that starts after a row.</summary>
    /// <param name="keys">The sort keys of this row, in the order of <see cref="Sort"/>.</param>
    internal string CursorAfter(IReadOnlyList<StoredValue> keys) => QueryCursor.Write(_hash, keys);
}
