using Akka.Actor;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Events.History;

/// <summary>
/// history.db: events and the entities' snapshots, one transaction for both. Owned by the program, used from any thread.
/// Commands go into the writer's queue, in order, and never wait; their receipt is answered after the commit of their batch.
/// <c>/user/storage/history</c> empties the queue; while it is away or the disk fails, the queue keeps everything and
/// <see cref="Health"/> says why. Whoever brings work in from outside asks <see cref="HasRoom"/> first. An event that is refused all the
/// same leaves a gap, which <see cref="Floor"/> tells.
/// Reads of events come from connections of their own and see what is committed.
/// </summary>
public sealed partial class HistoryStore : IDisposable
{
    public const string FileName = "history.db";

    private readonly SqliteReaders _readers;
    private readonly ILogger _log;
    private int _appended;
    private long _floor;
    private int _isGapTold;

    private HistoryStore(Database database, ILogger log)
    {
        (Database, _log) = (database, log);
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

    /// <summary>Opens or creates the file and brings it up to date; nothing is written before the actor starts.</summary>
    /// <exception cref="StorageException">The file cannot be used, or comes from a newer version.</exception>
    public static HistoryStore Open(DataDirectory directory, StorageOptions options, TimeProvider time, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(options);
        return new HistoryStore(Database.Open(HistorySchema.File(directory.Path), options, time), log ?? NullLogger.Instance);
    }

    /// <summary>The newest seq that was stored when the program started; 0 for none. Never goes back, whatever is deleted.</summary>
    public long LastStoredSeq { get; }

    /// <summary>
    /// Events after this seq are all there, or will be once what waits is written; 0 where none was ever deleted. It goes up right
    /// before events are deleted for their age, and as soon as one is refused: who looks at it after a read knows whether the read had a gap.
    /// </summary>
    public long Floor => Volatile.Read(ref _floor);

    public StorageHealth Health => Writer.Status.Health;

    public WriterFigures Figures => Writer.Figures();

    /// <summary>False once the queue has reached its bounds: do not bring in more.</summary>
    public bool HasRoom => Writer.Queue.HasRoom;

    internal Database Database { get; }

    internal SqliteWriter Writer => Database.Writer;

    public Task WaitForRoomAsync(CancellationToken cancel) => Writer.Queue.WaitForRoomAsync(cancel);

    /// <summary>Stores an event, and with it the snapshot that it made (or its deletion). Each seq once, in ascending order.</summary>
    public void Append(StoredEvent stored, EntityRow? row, Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(stored);
        Writer.Queue.Enqueue(new AppendEvent(stored, row, receipt, OnLeftOut));
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

    /// <summary>Deletes what is older, the oldest first and at most so many, once nothing else waits.</summary>
    /// <exception cref="UnavailableException">It cannot be done now, for one because another one waits already.</exception>
    internal async Task<SweepHistory.Swept> SweepAsync(DateTimeOffset olderThan, int most, CancellationToken cancel)
    {
        var sweep = new SweepHistory(olderThan, most, RaiseFloor);
        Writer.Queue.EnqueueForLater(sweep);
        return (await sweep.Answered.WaitAsync(cancel).ConfigureAwait(false))!;
    }

    /// <summary>Committed events with a seq greater than <paramref name="since"/>, ascending, at most <paramref name="limit"/>; fewer if they are large.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(long since, int limit, CancellationToken cancel) =>
        await _readers.ReadAsync(session => HistoryQueries.EventsSince(session, since, limit), cancel).ConfigureAwait(false);

    /// <summary>
    /// The events of an entity from <paramref name="from"/> (included) to <paramref name="to"/> (not included), in order of time,
    /// oldest first: fewer than <paramref name="limit"/> if they are large, or if memory is short. <paramref name="cursor"/> is the <see cref="HistoryPage.Next"/> of the previous page.
    /// </summary>
    /// <param name="hold">Called before each event is read: whether there is memory for this many more bytes. When null, memory is not limited.</param>
    /// <exception cref="FormatException">The cursor is none of ours.</exception>
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
    /// The same span in steps of <paramref name="resolution"/>. A page covers at most <paramref name="limit"/> steps, and holds
    /// fewer, even none, where steps have no number; only <see cref="HistoryStepPage.Next"/> tells the end.
    /// </summary>
    /// <exception cref="FormatException">The cursor is none of ours.</exception>
    /// <exception cref="UnavailableException">Too many such queries are under way.</exception>
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

    /// <summary>An event that others were shown is not stored. Any thread.</summary>
    private void OnLeftOut(long seq)
    {
        RaiseFloor(seq);
        if (Interlocked.Exchange(ref _isGapTold, 1) == 0)
        {
            LogGap(seq);
            NoteGap();
        }
    }

    private void NoteGap() => Writer.Queue.EnqueueBeyond(new NoteGap(() => Floor, OnGapNoted));

    private void OnGapNoted(long noted)
    {
        Volatile.Write(ref _isGapTold, 0);
        // Left out after it was asked how far, and before this: then the one whose turn that was has not noted it.
        if (Floor > noted && Interlocked.Exchange(ref _isGapTold, 1) == 0)
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

    /// <summary>Closes the file. What is still queued is lost: stop <c>/user/storage</c> first, which writes it.</summary>
    public void Dispose() => Database.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "History has a gap: event {Seq} and maybe more cannot be stored. Whoever needs them is told to read everything anew")]
    private partial void LogGap(long seq);
}
