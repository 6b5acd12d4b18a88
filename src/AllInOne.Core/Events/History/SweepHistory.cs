using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events.History;

/// <summary>
/// Deletes the oldest events that are older than a time, up to a number of them. The floor rises to the seq of the last deleted event.
/// The newest event always stays, because the next start continues after its seq.
/// </summary>
/// <param name="raiseFloor">Called with the new floor before anything is deleted, so that a reader can always see a gap.</param>
internal sealed class SweepHistory(DateTimeOffset olderThan, int most, Action<long> raiseFloor) : AnsweredWrite<SqliteSession, SweepHistory.Swept>(null)
{
    private const string Oldest =
        """
        SELECT seq, time, topics.id FROM events LEFT JOIN topics ON topics.name = events.topic
        WHERE seq < (SELECT max(seq) FROM events) ORDER BY seq LIMIT ?1
        """;

    private const string DeleteIndexed = "DELETE FROM history WHERE topic = ?1 AND time = ?2 AND seq = ?3";

    private const string DeleteEvents = "DELETE FROM events WHERE seq <= ?1";

    private const string SetFloor = "UPDATE meta SET value = max(value, ?1) WHERE key = 'floor'";

    /// <summary>The answer: how many are deleted, and whether there may be more.</summary>
    public sealed record Swept(int Deleted, bool MayBeMore);

    public override int Rows => 0;

    public override void Apply(SqliteSession session)
    {
        var oldest = session[Oldest].Bind(1, most).Rows(row => (Seq: row.Int64(0), Time: row.Int64(1), Topic: row.IsNull(2) ? -1 : row.Int64(2)));
        // In the order of seq: an event with a wrong time must not keep all later events.
        var deleted = oldest.FindLastIndex(row => row.Time < Microseconds.From(olderThan)) + 1;
        Outcome = new Swept(deleted, deleted == most);
        if (deleted == 0)
        {
            return;
        }

        var floor = oldest[deleted - 1].Seq;
        raiseFloor(floor);
        // In the order of the index, so each page of the index is touched once.
        foreach (var (seq, time, topic) in oldest.Take(deleted).OrderBy(row => row.Topic).ThenBy(row => row.Time))
        {
            session[DeleteIndexed].Bind(1, topic).Bind(2, time).Bind(3, seq).Run();
        }

        session[DeleteEvents].Bind(1, floor).Run();
        session[SetFloor].Bind(1, floor).Run();
    }
}
