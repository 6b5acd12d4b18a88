using System.Collections.Concurrent;
using System.Text.Json;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Writing;
using AllInOne.Core.Events;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents;

/// <summary>
/// Collections of JSON documents in allinone.db. Owned by the program, used from any thread. A write goes into the queue of the file's
/// writer, is decided in the transaction and answered after its commit; when the queue is full or the disk fails it waits for
/// <see cref="DocumentsOptions.WriteTimeout"/> and then throws <see cref="UnavailableException"/>: it may still be stored later, but where it
/// found no room. What a cancelled caller has begun is done all the same. Reads have
/// their own connections and see committed data, so a caller sees its answered writes. Reads that may take long name their caller,
/// and callers get equal shares of the places for them. Every change is published on the topic
/// <c>collections/{name}</c>, in the order of the commits.
/// </summary>
public sealed class DocumentStore
{
    /// <summary>An import of more documents than this waits for longer than one write does.</summary>
    private const int ImportedInTime = 10_000;

    private readonly Database _database;
    private readonly DocumentsOptions _options;
    private readonly TimeProvider _clock;
    private readonly DocumentReader _reader;
    private readonly DocumentEvents _events;
    private readonly ConcurrentDictionary<CollectionName, Collection> _collections = new();

    internal DocumentStore(Database database, DocumentsOptions options, EventLog events, TimeProvider clock)
    {
        (_database, _options, _clock) = (database, options, clock);
        _reader = new DocumentReader(database, options);
        _events = new DocumentEvents(events);
        using var session = database.File.OpenReader();
        foreach (var collection in CollectionRows.All(session))
        {
            _collections[collection.Name] = collection;
            if (!CollectionIndexes.AreSet(session, collection))
            {
                database.Writer.Queue.Enqueue(new RenewIndexes(collection.Name));
            }
        }
    }

    public DocumentsOptions Options => _options;

    /// <summary>All collections by name.</summary>
    public IReadOnlyList<Collection> Collections => [.. _collections.Values.OrderBy(collection => collection.Name)];

    /// <summary>Null where there is none.</summary>
    public Collection? Find(CollectionName name) => _collections.GetValueOrDefault(name);

    /// <summary>
    /// Makes a collection, or gives it another definition; its indexes are there when this ends, which takes as long as it takes.
    /// </summary>
    /// <returns>Null when there are as many as there may be.</returns>
    /// <exception cref="UnavailableException">There is no room in the queue in time.</exception>
    public Task<(Collection Collection, bool Created)?> DefineAsync(CollectionName name, CollectionDefinition definition, CancellationToken cancel) =>
        DefineAsync(name, definition, Timeout.InfiniteTimeSpan, cancel);

    /// <summary>The collection of this name, made if it is not there.</summary>
    /// <returns>Null when there are as many as there may be.</returns>
    /// <exception cref="UnavailableException">Not known to be stored in time.</exception>
    public async ValueTask<Collection?> FindOrMakeAsync(CollectionName name, CancellationToken cancel) =>
        Find(name) ?? (await DefineAsync(name, null, _options.WriteTimeout, cancel).ConfigureAwait(false))?.Collection;

    /// <summary>Deletes it with all that is in it, which takes as long as it takes; false when it was not there.</summary>
    /// <exception cref="UnavailableException">There is no room in the queue in time.</exception>
    public async Task<bool> DropAsync(CollectionName name, CancellationToken cancel) =>
        (await WriteAsync(new DropCollection(name, Dropped), cancel, Timeout.InfiniteTimeSpan).ConfigureAwait(false))!.Gone is not null;

    /// <summary>New documents, all or none; where there is no id one is made.</summary>
    /// <returns>The documents, or the id that is taken; null when the collection is gone.</returns>
    /// <exception cref="UnavailableException">Not known to be stored in time.</exception>
    public async Task<(IReadOnlyList<Document> Documents, DocumentId? Taken)?> InsertAsync(
        Collection collection, IReadOnlyList<DocumentBody> bodies, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        var now = Now();
        var write = new InsertDocuments(collection, WithIds(bodies, now), now, done => _events.Changed(collection, done.Changes));
        return await WriteAsync(write, cancel).ConfigureAwait(false) is { } outcome ? (outcome.Documents, outcome.Taken) : null;
    }

    /// <summary>The whole document anew, or for the first time.</summary>
    /// <exception cref="UnavailableException">Not known to be stored in time.</exception>
    public Task<DocumentChange> PutAsync(
        Collection collection, DocumentId id, ReadOnlyMemory<byte> data, VersionCondition condition, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return WriteOneAsync(new ReplaceDocument(collection, id, data, condition, Now(), Told(collection)), cancel);
    }

    /// <summary>Applies a JSON merge patch (RFC 7396) to a document.</summary>
    /// <exception cref="UnavailableException">Not known to be stored in time.</exception>
    public Task<DocumentChange> PatchAsync(
        Collection collection, DocumentId id, JsonElement patch, VersionCondition condition, CancellationToken cancel)
    {
        var own = DocumentBody.WithoutOwn(patch);
        return ChangeAsync(collection, id, own.Length, data => DocumentEdits.Merge(data, own, _options), condition, cancel);
    }

    /// <summary>Adds a value to an array of the document, atomically.</summary>
    /// <param name="index">Where; null at the end, negative counts from the end.</param>
    /// <param name="unique">Not if an equal one is there already.</param>
    /// <exception cref="UnavailableException">Not known to be stored in time.</exception>
    public Task<DocumentChange> InsertIntoAsync(
        Collection collection, DocumentId id, FieldPath path, JsonElement value, int? index, bool unique, VersionCondition condition, CancellationToken cancel)
    {
        var own = value.Clone();
        return ChangeAsync(
            collection, id, own.GetRawText().Length, data => DocumentEdits.Insert(data, path, own, index, unique, _options), condition, cancel);
    }

    /// <exception cref="UnavailableException">Not known to be stored in time.</exception>
    public Task<DocumentChange> DeleteAsync(Collection collection, DocumentId id, VersionCondition condition, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return WriteOneAsync(new DeleteDocument(collection, id, condition, Told(collection)), cancel);
    }

    /// <summary>
    /// Stores each, in place of what has its id; one transaction, which is waited for the longer the more they are.
    /// </summary>
    /// <returns>How many; null when the collection is gone.</returns>
    /// <exception cref="UnavailableException">Not known to be stored in time.</exception>
    public async Task<int?> ImportAsync(Collection collection, IReadOnlyList<DocumentBody> bodies, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(collection);
        var now = Now();
        var write = new ImportDocuments(collection, WithIds(bodies, now), now, done => _events.Changed(collection, done.Changes));
        var limit = _options.WriteTimeout * (1 + (bodies.Count / ImportedInTime));
        return (await WriteAsync(write, cancel, limit).ConfigureAwait(false))?.Changes.Count;
    }

    /// <summary>Null where there is none.</summary>
    /// <param name="hold">Called before each document is read: whether there is memory for this many more bytes. When null, memory is not limited.</param>
    /// <exception cref="UnavailableException">There is no memory for the document.</exception>
    /// <exception cref="CollectionGoneException">The collection was deleted meanwhile. The next three methods throw it too.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Task<Document?> GetAsync(Collection collection, DocumentId id, CancellationToken cancel, Func<long, bool>? hold = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _reader.GetAsync(collection, id, hold, cancel);
    }

    /// <summary>One page of a list, and the cursor of the next page. A page has fewer documents than requested if they are large, or if memory is short.</summary>
    /// <param name="hold">As for one document. If it refuses the first document, the call fails.</param>
    /// <exception cref="QueryTimeoutException">It took longer than it may.</exception>
    /// <exception cref="UnavailableException">The query waited for longer than it may, or there is no memory for one document.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Task<(IReadOnlyList<Document> Documents, string? Next)> ListAsync(
        Collection collection, DocumentQuery query, int limit, CancellationToken cancel, string caller = "",
        Func<long, bool>? hold = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _reader.ListAsync(collection, query, limit, hold, caller, cancel);
    }

    /// <summary>Every document in the order of ids, read in pages: what is written meanwhile may be among them or not.</summary>
    /// <exception cref="UnavailableException">Too many queries were under way for longer than it may wait, before the first page.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IAsyncEnumerable<Document> ExportAsync(Collection collection, CancellationToken cancel, string caller = "")
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _reader.AllAsync(collection, caller, cancel);
    }

    /// <summary>How many documents it has; the time this takes grows with them.</summary>
    /// <exception cref="QueryTimeoutException">It took longer than it may.</exception>
    /// <exception cref="UnavailableException">Too many queries were under way for longer than it may wait.</exception>
    public Task<long> CountAsync(Collection collection, CancellationToken cancel, string caller = "")
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _reader.CountAsync(collection, caller, cancel);
    }

    /// <summary>
    /// Deletes what is older than its collection keeps by then, at most <paramref name="limit"/>, behind all other writes; how many that
    /// were. Time in doubt does not count as age (<see cref="SteadyClock.Doubt"/>).
    /// </summary>
    /// <exception cref="UnavailableException">Not known to be done in time.</exception>
    internal async Task<int> ExpireAsync(Collection collection, int limit, CancellationToken cancel)
    {
        var write = new ExpireDocuments(collection, Now() - _database.Clock.Doubt, limit, done => _events.Changed(collection, done.Gone));
        _database.Writer.Queue.EnqueueForLater(write);
        return (await write.AnsweredAsync(_database.Writer, _clock, _options.WriteTimeout, cancel).ConfigureAwait(false))?.Gone.Count ?? 0;
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
        return WriteOneAsync(new ChangeDocument(collection, id, bytes, change, condition, Now(), Told(collection)), cancel);
    }

    private Action<DocumentChange> Told(Collection collection) => change => _events.Changed(collection, change);

    private async Task<(Collection Collection, bool Created)?> DefineAsync(
        CollectionName name, CollectionDefinition? definition, TimeSpan limit, CancellationToken cancel)
    {
        var write = new DefineCollection(name, definition, _options.MaxCollections, Now(), Defined);
        var outcome = (await WriteAsync(write, cancel, limit).ConfigureAwait(false))!;
        return outcome.Collection is { } made ? (Find(name) is { } kept && kept.Number == made.Number ? kept : made, outcome.Created) : null;
    }

    // What is known of collections changes with the commits, in their order, whether or not anybody still waits for the answer.
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

    private async Task<DocumentChange> WriteOneAsync(AnsweredWrite<DocumentChange> write, CancellationToken cancel) =>
        await WriteAsync(write, cancel).ConfigureAwait(false) ?? new DocumentChange.CollectionGone();

    private Task<T?> WriteAsync<T>(AnsweredWrite<T> write, CancellationToken cancel, TimeSpan? limit = null)
        where T : class =>
        write.StoreAsync(_database.Writer, _clock, _options.WriteTimeout, limit ?? _options.WriteTimeout, cancel);

    private DateTimeOffset Now() => EventTime.Now(_clock);
}
