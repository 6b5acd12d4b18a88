using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Storage.Sqlite.Writing;

/// <summary>
/// The mark of the last committed batch in the file itself: each batch that changes anything stores its number in the same transaction. If the result
/// of a commit did not arrive (because the writer was restarted, or because the file failed at that moment), the mark shows that the batch is
/// committed, and it is not applied twice. The mark also stores the clocks, so that the next start knows the length of the downtime. The memory only
/// keeps the result of the last batch. For one thread at a time.
/// </summary>
/// <param name="stored">The clocks that the file has; null for a file without stored clocks.</param>
internal sealed class CommitMark(SteadyClock clock, ClockMark? stored)
{
    private const string Read = "SELECT batch FROM committed";

    private const string UpdateMark = "UPDATE committed SET batch = ?1, wall = ?2, ahead = ?3, doubt = ?4, doubt_left = ?5";

    private const string UpdateClock = "UPDATE committed SET wall = ?2, ahead = ?3, doubt = ?4, doubt_left = ?5";

    private const string ReadClock = "SELECT wall, ahead, ifnull(doubt, 0), ifnull(doubt_left, 0) FROM committed WHERE wall IS NOT NULL";

    private IReadOnlyList<WriteOperation>? _batch;
    private BatchResult? _result;
    private long _number;
    private int _changes;
    private long _ahead = (stored ?? clock.Mark).Ahead.Ticks;

    /// <summary>
    /// Whether the wall clock was set since the last commit. Without a new commit, the next start would treat this step as downtime. Thread-safe.
    /// </summary>
    public bool IsClockOld => clock.WasSetSince(TimeSpan.FromTicks(Volatile.Read(ref _ahead)));

    /// <summary>The clocks at the last commit; null for a file without stored clocks.</summary>
    public static ClockMark? ClockOf(SqliteSession session) => session[ReadClock]
        .Rows(row => (ClockMark?)new ClockMark(
            Microseconds.ToTime(row.Int64(0)), TimeSpan.FromMicroseconds(row.Int64(1)), TimeSpan.FromMicroseconds(row.Int64(2)), TimeSpan.FromMicroseconds(row.Int64(3))))
        .SingleOrDefault();

    /// <summary>The result of the batch if it is committed already; otherwise null. Call it first in a transaction.</summary>
    public BatchResult? Find(SqliteSession session, IReadOnlyList<WriteOperation> batch)
    {
        var last = session[Read].Rows(row => row.Int64(0)).Single();
        if (ReferenceEquals(batch, _batch) && last == _number)
        {
            return _result;
        }

        (_batch, _result, _number, _changes) = (null, null, last, session.Changes);
        return null;
    }

    /// <summary>Writes only the clocks, in a separate commit or together with other rows.</summary>
    public void StoreClock(SqliteSession session) => Run(session[UpdateClock]);

    /// <summary>
    /// Stores the mark. Call it last, before the commit. A batch without a change gets no mark, because it has no effect if it is applied again.
    /// </summary>
    public void Store(SqliteSession session, IReadOnlyList<WriteOperation> batch, BatchResult result)
    {
        if (session.Changes != _changes)
        {
            Run(session[UpdateMark].Bind(1, _number + 1));
            (_batch, _result, _number) = (batch, result, _number + 1);
        }
    }

    private void Run(SqliteStatement statement)
    {
        var now = clock.Mark;
        statement.Bind(2, Microseconds.From(now.Wall)).Bind(3, (long)now.Ahead.TotalMicroseconds)
            .Bind(4, (long)now.Doubt.TotalMicroseconds).Bind(5, (long)now.DoubtLeft.TotalMicroseconds).Run();
        Volatile.Write(ref _ahead, now.Ahead.Ticks);
    }
}

/// <summary>Stores the clocks when no other row is written.</summary>
/// <param name="ended">Called when the clocks are stored, and also when the write is refused.</param>
internal sealed class StoreClock(CommitMark mark, Action ended) : WriteOperation<SqliteSession>(default)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session) => mark.StoreClock(session);

    public override void Answer() => ended();

    public override void Refuse(string reason) => ended();
}
