using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents.Engine;

/// <summary>
/// Stores the collections in a file: the writer that runs operations in transactions, and the reads beside it. The store of the documents is built on it and
/// knows nothing of the file. The engine outlives the actors. Thread-safe.
/// </summary>
internal interface IDocumentEngine : IDisposable
{
    DocumentEngineName Name { get; }

    IWriter<IDocumentSession> Writer { get; }

    IDocumentReads Reads { get; }

    /// <summary>The clock of the file. Time in doubt does not count as age.</summary>
    SteadyClock Clock { get; }

    /// <summary>The greatest number of collections that the file can have.</summary>
    int MaxCollections { get; }

    /// <summary>All collections, read at the start. Collections whose indexes an earlier version has built are renewed by the writer later.</summary>
    /// <exception cref="Storage.StorageException">The file cannot be read.</exception>
    IReadOnlyList<Collection> Load();
}
