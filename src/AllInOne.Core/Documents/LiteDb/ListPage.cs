using System.Text;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>Collects one page of a list. One document more than the page shows whether there is a next page.</summary>
internal sealed class ListPage(DocumentQuery query, int limit, long maxBytes, Func<long, bool>? hold)
{
    private readonly List<StoredRow> _rows = [];
    private long _bytes;
    private bool _hasMore;
    private bool _isRefused;

    /// <summary>Adds the next document of the order. Returns false if the page needs no further one.</summary>
    public bool Add(StoredRow row)
    {
        if (_rows.Count == limit || _bytes >= maxBytes)
        {
            _hasMore = true;
            return false;
        }

        if (hold?.Invoke(row.Data.Length) == false)
        {
            // The page ends with the previous document.
            (_hasMore, _isRefused) = (true, true);
            return false;
        }

        _rows.Add(row);
        _bytes += row.Data.Length;
        return true;
    }

    /// <exception cref="UnavailableException">There was no memory for the first document.</exception>
    public (IReadOnlyList<Document> Documents, string? Next) Result() => _rows.Count == 0 && _isRefused
        ? throw AnswerMemory.Full()
        : ([.. _rows.Select(LiteRows.ToDocument)], _hasMore ? query.CursorAfter(SortKeys.Of(_rows[^1], query.Sort)) : null);
}

/// <summary>Keeps the first places of an order, without the documents.</summary>
internal sealed class FirstPlaces(Sort sort, int limit)
{
    private readonly SortedSet<StoredValue[]> _places = new(Comparer<StoredValue[]>.Create((left, right) => SortKeys.Compare(sort, left, right)));

    public void Add(StoredRow row)
    {
        _places.Add(SortKeys.Of(row, sort));
        if (_places.Count > limit)
        {
            _places.Remove(_places.Max!);
        }
    }

    /// <summary>The ids of these documents, in order.</summary>
    public IEnumerable<string> Ids() => _places.Select(place => Encoding.UTF8.GetString(place[^1].Utf8.Span));
}
