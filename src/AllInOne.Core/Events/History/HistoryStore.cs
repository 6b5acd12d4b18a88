using Akka.Actor;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Sqlite.Writing;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Events.History;

/// <summary>
/// The store of events and entity snapshots in history.db, with one transaction for both. Owned by the program, thread-safe.
/// Commands go into the queue of the writer, in order, and never wait. Their receipt is answered after the commit of their batch.
/// <c>/user/storage/history</c> empties the queue. While it is away or the disk fails, the queue keeps everything, and
/// <see cref="Health"/> has the reason. Code that accepts work from outside must check <see cref="HasRoom"/> first. If an event is refused
/// nevertheless, there is a gap, and <see cref="Floor"/> rises.
/// Reads of events use their own connections and see committed data.
/// </summary>
public sealed partial class HistoryStore : IDisposable
{
    public const string FileName = "history.db";

    private readonly EventEncoder _encoder = new();
    private readonly SqliteReaders _readers;
    private readonly ILogger _log;
    private int _appended;
    private long _floor;
    private int _isGapNoted;

    private HistoryStore(Database database, ILogger log)
    {
        (Database, _log, NoteRefused) = (database, log, OnRefused);
        _readers = database.Readers;
        try
        {
            using var session = database.File.OpenReader();
            (LastStoredSeq, _floor) = HistoryQueries.Ends(session);
        }
        catch (SqliteException broken)
        {
            throw SqliteFault.Of(database.File.Path, "read", broken);
        }

        Writer.Queue.Enqueue(new IndexHistory());
    }

    /// <summary>Opens or creates the file and updates its schema. Nothing else is written before the actor starts.</summary>
    /// <exception cref="StorageException">The file cannot be used, or comes from a newer version.</exception>
    public static HistoryStore Open(DataDirectory directory, StorageOptions options, TimeProvider time, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(options);
        return new HistoryStore(Database.Open(HistorySchema.File(directory.Path), options, time), log ?? NullLogger.Instance);
    }

    /// <summary>The newest stored seq at the start of the program; 0 for none. Deletions never lower it.</summary>
    public long LastStoredSeq { get; }

    /// <summary>
    /// The seq after which history is complete (as soon as the pending writes are committed); 0 if no event was ever deleted. It rises
    /// before events are deleted for their age, and when an event is refused. So a reader that checks it after a read sees whether the read had a gap.
    /// </summary>
    public long Floor => Volatile.Read(ref _floor);

    public StorageHealth Health => Writer.Status.Health;

    public WriterFigures Figures => Writer.Figures();

    /// <summary>Whether the queue has room. If not, do not accept more work.</summary>
    public bool HasRoom => Writer.Queue.HasRoom;

    /// <summary>Notes that an event which readers may have seen is not stored. Thread-safe.</summary>
    internal Action<long> NoteRefused { get; }

    internal Database Database { get; }

    internal SqliteWriter Writer => Database.Writer;

    public Task WaitForRoomAsync(CancellationToken cancel) => Writer.Queue.WaitForRoomAsync(cancel);

    /// <summary>Stores a numbered event with the snapshot after it (or the deletion of the snapshot). Call it once for each seq, in ascending order.</summary>
    internal void Append(AppendEvent append)
    {
        Writer.Queue.Enqueue(append);
        if (Interlocked.Increment(ref _appended) % IndexHistory.Stretch == 0)
        {
            Writer.Queue.Enqueue(new IndexHistory());
        }
    }

    /// <summary>Queues a barrier: its receipt is answered when all earlier writes are committed.</summary>
    public void Barrier(Receipt receipt) => Writer.Queue.Enqueue(new WriteBarrier<SqliteSession>(receipt));

    /// <summary>Reads a snapshot after all earlier writes. The answer is <see cref="EntityRead"/> or <see cref="ReadFailed"/>.</summary>
    public void ReadEntity(EntityId id, IActorRef replyTo) => Writer.Queue.Enqueue(new ReadEntity(id, replyTo));

    /// <summary>Reads the ids of all stored entities in the same way. The answer is <see cref="EntityIdsRead"/> or <see cref="ReadFailed"/>.</summary>
    public void ReadEntityIds(IActorRef replyTo) => Writer.Queue.Enqueue(new ReadEntityIds(replyTo));

    /// <summary>Deletes older events, the oldest first, up to a number of them, when no other write waits.</summary>
    /// <exception cref="UnavailableException">It is not possible now, for example because another deletion waits already.</exception>
    internal async Task<SweepHistory.Swept> SweepAsync(DateTimeOffset olderThan, int most, CancellationToken cancel)
    {
        var sweep = new SweepHistory(olderThan, most, RaiseFloor);
        Writer.Queue.EnqueueForLater(sweep);
        return (await sweep.Answered.WaitAsync(cancel).ConfigureAwait(false))!;
    }

    /// <summary>Reads committed events with a seq greater than <paramref name="since"/>, ascending.</summary>
    /// <param name="most">The maximum number of events that are examined; fewer are if they are large.</param>
    /// <param name="limit">The maximum number of matching events.</param>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    internal async Task<StoredEvents> ReadEventsAsync(long since, int most, int limit, TopicFilter topics, CancellationToken cancel) =>
        await _readers.ReadAsync(session => HistoryQueries.EventsSince(session, since, most, limit, topics, _encoder), cancel).ConfigureAwait(false);

    /// <summary>
    /// Reads the events of an entity from <paramref name="from"/> (included) to <paramref name="to"/> (not included), in order of time,
    /// oldest first: fewer than <paramref name="limit"/> if they are large, or if memory is short. <paramref name="cursor"/> is the
    /// <see cref="HistoryPage.Next"/> of the previous page.
    /// </summary>
    /// <param name="hold">Called before each event is read: whether there is memory for this many more bytes. When null, memory is not limited.</param>
    /// <exception cref="FormatException">The cursor is not valid.</exception>
    /// <exception cref="UnavailableException">There is no memory for one event.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<HistoryPage> ReadHistoryAsync(
        EntityId id, DateTimeOffset? from, DateTimeOffset? to, int limit, string? cursor, CancellationToken cancel,
        Func<long, bool>? hold = null)
    {
        var (after, before) = Span(from, to, cursor);
        return await _readers.ReadAsync(session => HistoryQueries.HistoryOf(session, Topic(id), after, before, limit, hold), cancel).ConfigureAwait(false)
            ?? throw AnswerMemory.Full();
    }

    /// <summary>
    /// Reads the same time span in steps of <paramref name="resolution"/>. A page covers at most <paramref name="limit"/> steps. It contains
    /// fewer steps, or none, if steps have no number. Only <see cref="HistoryStepPage.Next"/> shows the end.
    /// </summary>
    /// <exception cref="FormatException">The cursor is not valid.</exception>
    /// <exception cref="UnavailableException">Too many such queries are active.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Task<HistoryStepPage> ReadStepsAsync(
        EntityId id, DateTimeOffset? from, DateTimeOffset? to, TimeSpan resolution, int limit, string? cursor, CancellationToken cancel,
        string caller = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, TimeSpan.FromSeconds(1));
        var (after, before) = Span(from, to, cursor);
        var step = resolution.Ticks / TimeSpan.TicksPerMicrosecond;
        return _readers.QueryAsync(session => HistoryQueries.StepsOf(session, Topic(id), after, before, step, limit), cancel, caller);
    }

    private void OnRefused(long seq)
    {
        RaiseFloor(seq);
        if (Interlocked.Exchange(ref _isGapNoted, 1) == 0)
        {
            LogGap(seq);
            NoteGap();
        }
    }

    private void NoteGap() => Writer.Queue.EnqueueBeyond(new NoteGap(() => Floor, OnGapNoted));

    private void OnGapNoted(long noted)
    {
        Volatile.Write(ref _isGapNoted, 0);
        // An event may be refused after the write read the floor and before this line. That write has not stored it.
        if (Floor > noted && Interlocked.Exchange(ref _isGapNoted, 1) == 0)
        {
            NoteGap();
        }
    }

    private void RaiseFloor(long seq)
    {
        for (var floor = Floor; floor < seq;)
        {
            var found = Interlocked.CompareExchange(ref _floor, seq, floor);
            floor = found == floor ? seq : found;
        }
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

    /// <summary>Closes the file. Queued writes are lost, so stop <c>/user/storage</c> first, which commits them.</summary>
    public void Dispose() => Database.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "History has a gap: event {Seq} and maybe later ones cannot be stored. Clients that need them get a reset and read everything again")]
    private partial void LogGap(long seq);
}
