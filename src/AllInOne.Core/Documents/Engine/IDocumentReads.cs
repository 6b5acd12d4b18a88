using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Engine;

/// <summary>
/// Reads committed documents. A query is interrupted when its caller disconnects or when it takes too long. Each method throws
/// <see cref="CollectionGoneException"/> if the collection was deleted, and <see cref="Storage.StorageException"/> if the file cannot be read.
/// </summary>
internal interface IDocumentReads
{
    /// <summary>One document; null if it does not exist.</summary>
    /// <param name="hold">Whether there is memory for so many bytes; null: memory is not limited.</param>
    /// <exception cref="UnavailableException">There is no memory for the document.</exception>
    Task<Document?> GetAsync(Collection collection, DocumentId id, Func<long, bool>? hold, CancellationToken cancel);

    /// <summary>One page of a list, and the cursor of the next page; null for none.</summary>
    /// <param name="caller">The client: clients get equal shares of the places for queries.</param>
    /// <exception cref="Storage.QueryTimeoutException">It took longer than <c>Documents:QueryTimeout</c>.</exception>
    /// <exception cref="UnavailableException">The query was refused, or there is no memory for its first document.</exception>
    Task<(IReadOnlyList<Document> Documents, string? Next)> ListAsync(
        Collection collection, DocumentQuery query, int limit, Func<long, bool>? hold, string caller, CancellationToken cancel);

    /// <exception cref="Storage.QueryTimeoutException">It took longer than <c>Documents:QueryTimeout</c>.</exception>
    /// <exception cref="UnavailableException">The query was refused.</exception>
    Task<long> CountAsync(Collection collection, string caller, CancellationToken cancel);

    /// <summary>All documents in the order of ids, read in pages. Only the first page can be refused.</summary>
    /// <exception cref="UnavailableException">The first page was refused.</exception>
    IAsyncEnumerable<Document> AllAsync(Collection collection, string caller, CancellationToken cancel);
}
