using System.Collections.Concurrent;
using System.Text.Json;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Writing;
using AllInOne.Core.Events;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents;

/// <summary>
/// Collections of JSON documents. Owned by the program, thread-safe. A write goes into the queue of the file's writer, is decided in
/// the transaction, and is answered after its commit. If the queue is full or the disk fails, the write waits for
/// <see cref="DocumentsOptions.WriteTimeout"/> and then throws <see cref="UnavailableException"/>. It may still be stored later, unless it found no
/// room in the queue. If a caller cancels a write that is queued, the write is still applied. Reads have their own connections and see committed
/// data, so a caller sees its answered writes. Reads that may take long have the name of their caller, and callers get equal shares of the places for
/// such reads. Every change is published on the topic <c>collections/{name}</c>, in the order of the commits.
/// </summary>
public sealed class DocumentStore
{
    /// <summary>For each further number of this many documents, an import may wait for another write timeout.</summary>
    private const int ImportedInTime = 10_000;

    private readonly IDocumentEngine _engine;
    private readonly DocumentsOptions _options;
    private readonly TimeProvider _clock;
    private readonly DocumentEvents _events;
    private readonly ConcurrentDictionary<CollectionName, Collection> _collections = new();

    internal DocumentStore(IDocumentEngine engine, DocumentsOptions options, EventLog events, TimeProvider clock)
    {
        (_engine, _options, _clock) = (engine, options, clock);
        _events = new DocumentEvents(events);
        foreach (var collection in engine.Load())
        {
            _collections[collection.Name] = collection;
        }
    }

    public DocumentsOptions Options => _options;

    /// <summary>The storage engine of the collections.</summary>
    public DocumentEngineName Engine => _engine.Name;

    /// <summary>All collections by name.</summary>
    public IReadOnlyList<Collection> Collections => [.. _collections.Values.OrderBy(collection => collection.Name)];

    /// <summary>Finds a collection; null if it does not exist.</summary>
    public Collection? Find(CollectionName name) => _collections.GetValueOrDefault(name);

    /// <summary>
    /// Creates a collection, or changes its definition. The indexes exist when the task completes. There is no timeout, because building an index may
    /// take long.
    /// </summary>
    /// <returns>Null if the maximum number of collections is reached.</returns>
    /// <exception cref="UnavailableException">The queue had no room in time.</exception>
    public Task<(Collection Collection, bool Created)?> DefineAsync(CollectionName name, CollectionDefinition definition, CancellationToken cancel) =>
        DefineAsync(name, definition, Timeout.InfiniteTimeSpan, cancel);

    /// <summary>Finds a collection, or creates it if it does not exist.</summary>
    /// <returns>Null if the maximum number of collections is reached.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async ValueTask<Collection?> FindOrMakeAsync(CollectionName name, CancellationToken cancel) =>
        Find(name) ?? (await DefineAsync(name, null, _options.WriteTimeout, cancel).ConfigureAwait(false))?.Collection;

    /// <summary>
    /// Deletes a collection with all its documents. There is no timeout, because this may take long. Returns false if the collection did not exist.
    /// </summary>
    /// <exception cref="UnavailableException">The queue had no room in time.</exception>
    public async Task<bool> DropAsync(CollectionName name, CancellationToken cancel) =>
        (await WriteAsync(new DropCollection(name, Dropped), cancel, Timeout.InfiniteTimeSpan).ConfigureAwait(false))!.Gone is not null;

    /// <summary>Stores new documents, all or none. A document without an id gets a new one.</summary>
    /// <returns>The documents, or the id that exists already; null if the collection was deleted.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<(IReadOnlyList<Document> Documents, DocumentId? Taken)?> InsertAsync(
        Collection collection, IReadOnlyList<DocumentBody> bodies, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        var now = Now();
        var write = new InsertDocuments(collection, WithIds(bodies, now), now, done => _events.Changed(collection, done.Changes));
        return await WriteAsync(write, cancel).ConfigureAwait(false) is { } outcome ? (outcome.Documents, outcome.Taken) : null;
    }

    /// <summary>Creates a document, or replaces all of it.</summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public Task<DocumentChange> PutAsync(
        Collection collection, DocumentId id, ReadOnlyMemory<byte> data, VersionCondition condition, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return WriteOneAsync(new ReplaceDocument(collection, id, data, condition, Now(), Publishing(collection)), cancel);
    }

    /// <summary>Applies a JSON merge patch (RFC 7396) to a document.</summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public Task<DocumentChange> PatchAsync(
        Collection collection, DocumentId id, JsonElement patch, VersionCondition condition, CancellationToken cancel)
    {
        var own = DocumentBody.WithoutOwn(patch);
        return ChangeAsync(collection, id, own.Length, data => DocumentEdits.Merge(data, own, _options), condition, cancel);
    }

    /// <summary>Inserts a value into an array of the document, atomically.</summary>
    /// <param name="index">The index of the new element; null for the end. A negative index counts from the end.</param>
    /// <param name="unique">True: nothing changes if the array has an equal element already.</param>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public Task<DocumentChange> InsertIntoAsync(
        Collection collection, DocumentId id, FieldPath path, JsonElement value, int? index, bool unique, VersionCondition condition, CancellationToken cancel)
    {
        var own = value.Clone();
        return ChangeAsync(
            collection, id, own.GetRawText().Length, data => DocumentEdits.Insert(data, path, own, index, unique, _options), condition, cancel);
    }

    /// <summary>Deletes a document.</summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public Task<DocumentChange> DeleteAsync(Collection collection, DocumentId id, VersionCondition condition, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return WriteOneAsync(new DeleteDocument(collection, id, condition, Publishing(collection)), cancel);
    }

    /// <summary>
    /// Stores documents in one transaction. Each replaces the document with the same id. The timeout grows with the number of documents.
    /// </summary>
    /// <returns>The number of stored documents; null if the collection was deleted.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<int?> ImportAsync(Collection collection, IReadOnlyList<DocumentBody> bodies, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        var now = Now();
        var write = new ImportDocuments(collection, WithIds(bodies, now), now, done => _events.Changed(collection, done.Changes));
        var limit = _options.WriteTimeout * (1 + (bodies.Count / ImportedInTime));
        return (await WriteAsync(write, cancel, limit).ConfigureAwait(false))?.Changes.Count;
    }

    /// <summary>Reads a document; null if it does not exist.</summary>
    /// <param name="hold">Called before each document is read: whether there is memory for this many more bytes. When null, memory is not limited.</param>
    /// <exception cref="UnavailableException">There is no memory for the document.</exception>
    /// <exception cref="CollectionGoneException">The collection was deleted during the read. The next three methods throw it too.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Task<Document?> GetAsync(Collection collection, DocumentId id, CancellationToken cancel, Func<long, bool>? hold = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _engine.Reads.GetAsync(collection, id, hold, cancel);
    }

    /// <summary>
    /// One page of a list, and the cursor of the next page. A page has fewer documents than requested if they are large, or if memory is short.
    /// </summary>
    /// <param name="hold">As for one document. If it refuses the first document, the call fails.</param>
    /// <exception cref="QueryTimeoutException">The query ran for longer than its limit.</exception>
    /// <exception cref="UnavailableException">The query waited for longer than its limit, or there is no memory for one document.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Task<(IReadOnlyList<Document> Documents, string? Next)> ListAsync(
        Collection collection, DocumentQuery query, int limit, CancellationToken cancel, string caller = "",
        Func<long, bool>? hold = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _engine.Reads.ListAsync(collection, query, limit, hold, caller, cancel);
    }

    /// <summary>
    /// Reads every document in the order of the ids, in pages. It may or may not return documents that are written during the export.
    /// </summary>
    /// <exception cref="UnavailableException">Before the first page: too many queries were active, and the wait took too long.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IAsyncEnumerable<Document> ExportAsync(Collection collection, CancellationToken cancel, string caller = "")
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _engine.Reads.AllAsync(collection, caller, cancel);
    }

    /// <summary>Counts the documents of a collection. The time that this takes grows with their number.</summary>
    /// <exception cref="QueryTimeoutException">The query ran for longer than its limit.</exception>
    /// <exception cref="UnavailableException">Too many queries were active, and the wait took too long.</exception>
    public Task<long> CountAsync(Collection collection, CancellationToken cancel, string caller = "")
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _engine.Reads.CountAsync(collection, caller, cancel);
    }

    /// <summary>
    /// Deletes documents that are older than the retention of their collection, at most <paramref name="limit"/>, when no other write waits. Returns
    /// how many. Time in doubt does not count as age (<see cref="SteadyClock.Doubt"/>).
    /// </summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time, or another such write waits already.</exception>
    internal async Task<int> ExpireAsync(Collection collection, int limit, CancellationToken cancel)
    {
        var write = new ExpireDocuments(collection, Now() - _engine.Clock.Doubt, limit, done => _events.Changed(collection, done.Gone));
        _engine.Writer.Queue.EnqueueForLater(write);
        return (await write.AnsweredAsync(_engine.Writer, _clock, _options.WriteTimeout, cancel).ConfigureAwait(false))?.Gone.Count ?? 0;
    }

    private Task<DocumentChange> ChangeAsync(
        Collection collection,
        DocumentId id,
        int bytes,
        Func<ReadOnlyMemory<byte>, (ReadOnlyMemory<byte> Data, string? Refused)> change,
        VersionCondition condition,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return WriteOneAsync(new ChangeDocument(collection, id, bytes, change, condition, Now(), Publishing(collection)), cancel);
    }

    private Action<DocumentChange> Publishing(Collection collection) => change => _events.Changed(collection, change);

    private async Task<(Collection Collection, bool Created)?> DefineAsync(
        CollectionName name, CollectionDefinition? definition, TimeSpan limit, CancellationToken cancel)
    {
        var write = new DefineCollection(name, definition, Math.Min(_options.MaxCollections, _engine.MaxCollections), Now(), Defined);
        var outcome = (await WriteAsync(write, cancel, limit).ConfigureAwait(false))!;
        return outcome.Collection is { } made ? (Find(name) is { } kept && kept.Number == made.Number ? kept : made, outcome.Created) : null;
    }

    // The list in memory changes after each commit, in the order of the commits, even if the caller does not wait any more.
    private void Defined(DefineOutcome outcome)
    {
        if (outcome.Collection is { } collection)
        {
            _collections[collection.Name] = Find(collection.Name) is { } there && there.Number == collection.Number
                ? there.With(collection.Definition, collection.Updated)
                : collection;
        }
    }

    private void Dropped(DropOutcome outcome)
    {
        if (outcome.Gone is { } gone && Find(gone.Name)?.Number == gone.Number)
        {
            _collections.TryRemove(gone.Name, out _);
        }
    }

    private static (DocumentId Id, ReadOnlyMemory<byte> Data)[] WithIds(IReadOnlyList<DocumentBody> bodies, DateTimeOffset now) =>
        [.. bodies.Select(body => (body.Id ?? DocumentId.Next(now), body.Data))];

    private async Task<DocumentChange> WriteOneAsync(AnsweredWrite<IDocumentSession, DocumentChange> write, CancellationToken cancel) =>
        await WriteAsync(write, cancel).ConfigureAwait(false) ?? new DocumentChange.CollectionGone();

    private Task<T?> WriteAsync<T>(AnsweredWrite<IDocumentSession, T> write, CancellationToken cancel, TimeSpan? limit = null)
        where T : class =>
        write.StoreAsync(_engine.Writer, _clock, _options.WriteTimeout, limit ?? _options.WriteTimeout, cancel);

    private DateTimeOffset Now() => EventTime.Now(_clock);
}
