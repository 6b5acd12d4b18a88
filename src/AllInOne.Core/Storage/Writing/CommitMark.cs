using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// Which batch was the last to be committed, as the file itself says: each one that changes anything leaves its number in the same
/// transaction. So a batch whose commit was not heard of (its writer was restarted, the file failed right then) is known again, and not
/// done twice. The clocks go along, so that the next start knows how long it was away. In memory is only what its answer needs. One thread at a time.
/// </summary>
/// <param name="stored">The clocks as the file has them; null for a file that has none yet.</param>
internal sealed class CommitMark(SteadyClock clock, ClockMark? stored)
{
    private const string Read = "SELECT batch FROM committed";

    private const string Write = "UPDATE committed SET batch = ?1, wall = ?2, ahead = ?3, doubt = ?4, doubt_left = ?5";

    private const string WriteClock = "UPDATE committed SET wall = ?2, ahead = ?3, doubt = ?4, doubt_left = ?5";

    private const string ReadClock = "SELECT wall, ahead, ifnull(doubt, 0), ifnull(doubt_left, 0) FROM committed WHERE wall IS NOT NULL";

    private IReadOnlyList<WriteOperation>? _left;
    private BatchResult? _result;
    private long _number;
    private int _changes;
    private long _ahead = (stored ?? clock.Mark).Ahead.Ticks;

    /// <summary>Whether the wall clock was set since the last commit. Without a new commit the next start would treat the step as downtime. Any thread may call this.</summary>
    public bool IsClockOld => clock.WasSetSince(TimeSpan.FromTicks(Volatile.Read(ref _ahead)));

    /// <summary>The clocks at the last commit; null for a file that has none yet.</summary>
    public static ClockMark? ClockOf(SqliteSession session) => session[ReadClock]
        .Rows(row => (ClockMark?)new ClockMark(
            Microseconds.ToTime(row.Int64(0)), TimeSpan.FromMicroseconds(row.Int64(1)), TimeSpan.FromMicroseconds(row.Int64(2)), TimeSpan.FromMicroseconds(row.Int64(3))))
        .SingleOrDefault();

    /// <summary>The first thing within a transaction: what became of the batch, if it is committed already.</summary>
    public BatchResult? Find(SqliteSession session, IReadOnlyList<WriteOperation> batch)
    {
        var last = session[Read].Rows(row => row.Int64(0)).Single();
        if (ReferenceEquals(batch, _left) && last == _number)
        {
            return _result;
        }

        (_left, _result, _number, _changes) = (null, null, last, session.Changes);
        return null;
    }

    /// <summary>Writes only the clocks, in a separate commit or together with other rows.</summary>
    public void LeaveClock(SqliteSession session) => Run(session[WriteClock]);

    /// <summary>The last thing before the commit. Where nothing was changed there is no mark: to do that again is to do nothing.</summary>
    public void Leave(SqliteSession session, IReadOnlyList<WriteOperation> batch, BatchResult result)
    {
        if (session.Changes != _changes)
        {
            Run(session[Write].Bind(1, _number + 1));
            (_left, _result, _number) = (batch, result, _number + 1);
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
/// <param name="ended">Called when the clocks are stored, or when the write is refused.</param>
internal sealed class StoreClock(CommitMark mark, Action ended) : WriteOperation(default)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session) => mark.LeaveClock(session);

    public override void Answer() => ended();

    public override void Refuse(string reason) => ended();
}
