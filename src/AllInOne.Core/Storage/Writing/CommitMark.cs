using AllInOne.Core.Clocks;
using AllInOne.Core.Storage.History;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// Which batch was the last to be committed, as the file itself says: each one that changes anything leaves its number in the same
/// transaction. So a batch whose commit was not heard of (its writer was restarted, the file failed right then) is known again, and not
/// done twice. The clocks go along, so that the next start knows how long it was away. In memory is only what its answer needs. One thread at a time.
/// </summary>
internal sealed class CommitMark(SteadyClock clock)
{
    private const string Read = "SELECT batch FROM committed";

    private const string Write = "UPDATE committed SET batch = ?1, wall = ?2, ahead = ?3";

    private const string WriteClock = "UPDATE committed SET wall = ?1, ahead = ?2";

    private const string ReadClock = "SELECT wall, ahead FROM committed WHERE wall IS NOT NULL";

    private IReadOnlyList<WriteOperation>? _left;
    private BatchResult? _result;
    private long _number;
    private int _changes;

    /// <summary>The clocks at the last commit; null for a file that has none yet.</summary>
    public static ClockMark? ClockOf(SqliteSession session) => session[ReadClock]
        .Rows(row => (ClockMark?)new ClockMark(Microseconds.ToTime(row.Int64(0)), TimeSpan.FromMicroseconds(row.Int64(1)))).SingleOrDefault();

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

    /// <summary>The clocks alone, in a commit of their own.</summary>
    public void LeaveClock(SqliteSession session)
    {
        var now = clock.Mark;
        session[WriteClock].Bind(1, Microseconds.From(now.Wall)).Bind(2, (long)now.Ahead.TotalMicroseconds).Run();
    }

    /// <summary>The last thing before the commit. Where nothing was changed there is no mark: to do that again is to do nothing.</summary>
    public void Leave(SqliteSession session, IReadOnlyList<WriteOperation> batch, BatchResult result)
    {
        if (session.Changes != _changes)
        {
            var now = clock.Mark;
            session[Write].Bind(1, _number + 1).Bind(2, Microseconds.From(now.Wall)).Bind(3, (long)now.Ahead.TotalMicroseconds).Run();
            (_left, _result, _number) = (batch, result, _number + 1);
        }
    }
}
