using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Engine;

/// <summary>
/// A transaction of the writer, as the operations on documents use it. Everything that one operation does is committed together or not at all. An exception
/// that is not a fault of the file undoes only the operation that threw it.
/// </summary>
internal interface IDocumentSession
{
    /// <summary>The collection with this name; null if it does not exist.</summary>
    Collection? Find(CollectionName name);

    long CountCollections();

    /// <summary>Creates a collection that does not exist, with its indexes.</summary>
    Collection Create(CollectionName name, CollectionDefinition definition, DateTimeOffset now);

    /// <summary>Gives a collection another definition. Its indexes exist afterwards.</summary>
    Collection Redefine(Collection collection, CollectionDefinition definition, DateTimeOffset now);

    /// <summary>Builds the indexes that are missing or that an earlier version has built, and deletes the others.</summary>
    void RenewIndexes(Collection collection);

    /// <summary>Deletes a collection and its documents. Versions of a later collection with this name begin above all of its versions.</summary>
    void Drop(Collection collection);

    /// <summary>Whether this collection still exists. A later collection with the same name is another one.</summary>
    bool Exists(Collection collection);

    /// <summary>The version and the times of a document; null if it does not exist.</summary>
    StoredHead? Head(Collection collection, DocumentId id);

    /// <summary>The data of a document that exists.</summary>
    ReadOnlyMemory<byte> Data(Collection collection, DocumentId id);

    /// <summary>Stores a document that does not exist. Its version is above those of all deleted documents of the collection.</summary>
    Document Insert(Collection collection, DocumentId id, ReadOnlyMemory<byte> data, DateTimeOffset now);

    /// <summary>Replaces the data of a document.</summary>
    /// <param name="head">The head of the document in this transaction.</param>
    Document Update(Collection collection, DocumentId id, StoredHead head, ReadOnlyMemory<byte> data, DateTimeOffset now);

    /// <param name="version">The version of the document in this transaction.</param>
    void Delete(Collection collection, DocumentId id, long version);

    /// <summary>Deletes the documents that were last changed before a time, the oldest first, at most so many.</summary>
    IReadOnlyList<DocumentChange.Deleted> Expire(Collection collection, DateTimeOffset before, int limit);
}

/// <summary>The version and the times of a document, as a transaction sees them.</summary>
/// <param name="Created">In microseconds since 1970.</param>
/// <param name="Updated">In microseconds since 1970.</param>
internal readonly record struct StoredHead(long Version, long Created, long Updated);
