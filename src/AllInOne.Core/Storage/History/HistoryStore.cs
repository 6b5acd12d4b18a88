using AllInOne.Core.Entities;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Storage.History;

/// <summary>
/// history.db: events and the entities' snapshots, one transaction for both. Owned by the program, used from any thread.
/// Commands go into the writer's queue, in order, and never wait; their receipt is answered after the commit of their batch.
/// <c>/user/storage/history</c> empties the queue; while it is away or the disk fails, the queue keeps everything and
/// <see cref="Health"/> says why. Whoever brings work in from outside asks <see cref="HasRoom"/> first.
/// Reads of events come from connections of their own and see what is committed.
/// </summary>
public sealed class HistoryStore : IDisposable
{
    public const string FileName = "history.db";

    private readonly SqliteReaders _readers;
    private int _appended;

    private HistoryStore(SqliteFile file, StorageOptions options, TimeProvider time)
    {
        Writer = new SqliteWriter(file, options, time);
        _readers = new SqliteReaders(file, options.Readers);
        using var session = file.OpenReader();
        (LastStoredSeq, Floor) = HistoryQueries.Ends(session);
        Writer.Queue.Enqueue(new IndexHistory());
    }

    /// <summary>Opens or creates the file and brings it up to date; nothing is written before the actor starts.</summary>
    /// <exception cref="StorageException">The file cannot be used, or comes from a newer version.</exception>
    public static HistoryStore Open(DataDirectory directory, StorageOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(options);
        var file = new SqliteFile(directory.File(FileName), HistorySchema.Create(), Durability.Normal);
        file.Prepare();
        return new HistoryStore(file, options, time);
    }

    /// <summary>The newest seq that was stored when the program started; 0 for none. Never goes back, whatever is deleted.</summary>
    public long LastStoredSeq { get; }

    /// <summary>Events after this seq are all there, as far as they were ever committed; 0 where none was ever deleted.</summary>
    public long Floor { get; }

    public StorageHealth Health => Writer.Status.Health;

    public WriterFigures Figures => Writer.Status.Figures(Writer.Queue);

    /// <summary>False once the queue has reached its bounds: do not bring in more.</summary>
    public bool HasRoom => Writer.Queue.HasRoom;

    internal SqliteWriter Writer { get; }

    public Task WaitForRoomAsync(CancellationToken cancel) => Writer.Queue.WaitForRoomAsync(cancel);

    /// <summary>Stores an event, and with it the snapshot that it made (or its deletion). Each seq once, in ascending order.</summary>
    public void Append(StoredEvent stored, EntityRow? row, Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(stored);
        Writer.Queue.Enqueue(new AppendEvent(stored, row, receipt));
        if (Interlocked.Increment(ref _appended) % IndexHistory.Stretch == 0)
        {
            Writer.Queue.Enqueue(new IndexHistory());
        }
    }

    /// <summary>The receipt comes back once all that was queued before is committed.</summary>
    public void Barrier(Receipt receipt) => Writer.Queue.Enqueue(new WriteBarrier(receipt));

    /// <summary>The snapshot as all that was queued before has left it: <see cref="EntityRead"/> or <see cref="ReadFailed"/>.</summary>
    public void ReadEntity(EntityId id, IActorRef replyTo) => Writer.Queue.Enqueue(new ReadEntity(id, replyTo));

    /// <summary>Every stored entity, in the same way: <see cref="EntityIdsRead"/> or <see cref="ReadFailed"/>.</summary>
    public void ReadEntityIds(IActorRef replyTo) => Writer.Queue.Enqueue(new ReadEntityIds(replyTo));

    /// <summary>Committed events with a seq greater than <paramref name="since"/>, ascending, at most <paramref name="limit"/>.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(long since, int limit, CancellationToken cancel) =>
        await _readers.ReadAsync(session => HistoryQueries.EventsSince(session, since, limit), cancel).ConfigureAwait(false);

    /// <summary>
    /// The events of an entity from <paramref name="from"/> (included) to <paramref name="to"/> (not included), in order of time,
    /// oldest first. <paramref name="cursor"/> is the <see cref="HistoryPage.Next"/> of the page before.
    /// </summary>
    /// <exception cref="FormatException">The cursor is none of ours.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Task<HistoryPage> ReadHistoryAsync(
        EntityId id, DateTimeOffset? from, DateTimeOffset? to, int limit, string? cursor, CancellationToken cancel)
    {
        var (after, before) = Span(from, to, cursor);
        return _readers.ReadAsync(session => HistoryQueries.HistoryOf(session, Topic(id), after, before, limit), cancel);
    }

    /// <summary>
    /// The same span in steps of <paramref name="resolution"/>. A page covers at most <paramref name="limit"/> steps, and holds
    /// fewer, even none, where steps have no number; only <see cref="HistoryStepPage.Next"/> tells the end.
    /// </summary>
    /// <exception cref="FormatException">The cursor is none of ours.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Task<HistoryStepPage> ReadStepsAsync(
        EntityId id, DateTimeOffset? from, DateTimeOffset? to, TimeSpan resolution, int limit, string? cursor, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, TimeSpan.FromSeconds(1));
        var (after, before) = Span(from, to, cursor);
        var step = resolution.Ticks / TimeSpan.TicksPerMicrosecond;
        return _readers.ReadAsync(session => HistoryQueries.StepsOf(session, Topic(id), after, before, step, limit), cancel);
    }

    private static string Topic(EntityId id) => $"entities/{id.Value}";

    private static (HistoryCursor After, long Before) Span(DateTimeOffset? from, DateTimeOffset? to, string? cursor)
    {
        var after = HistoryCursor.Before(from);
        if (cursor is not null && !HistoryCursor.TryParse(cursor, out after))
        {
            throw new FormatException($"'{cursor}' is no cursor of this history");
        }

        return (after, to is { } end ? Microseconds.From(end) : long.MaxValue);
    }

    /// <summary>Closes the file. What is still queued is lost: stop <c>/user/storage</c> first, which writes it.</summary>
    public void Dispose()
    {
        _readers.Dispose();
        Writer.Dispose();
    }
}
