using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events.History;

/// <summary>
/// Deletes the oldest events, up to a number of them, as far as they are older than a time; their seqs are below the floor from
/// then on. The newest event always stays: its seq tells the next start where the numbers go on.
/// </summary>
/// <param name="raiseFloor">Told the new floor before anything is deleted, so that no reader meets a gap that it does not know of.</param>
internal sealed class SweepHistory(DateTimeOffset olderThan, int most, Action<long> raiseFloor) : AnsweredWrite<SweepHistory.Swept>(null)
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
        // By seq, which is the order that counts: one event whose clock was wrong must not keep all that came after it.
        var deleted = oldest.FindLastIndex(row => row.Time < Microseconds.From(olderThan)) + 1;
        Outcome = new Swept(deleted, deleted == most);
        if (deleted == 0)
        {
            return;
        }

        var floor = oldest[deleted - 1].Seq;
        raiseFloor(floor);
        // In the order of the index, so that each of its pages is touched once.
        foreach (var (seq, time, topic) in oldest.Take(deleted).OrderBy(row => row.Topic).ThenBy(row => row.Time))
        {
            session[DeleteIndexed].Bind(1, topic).Bind(2, time).Bind(3, seq).Run();
        }

        session[DeleteEvents].Bind(1, floor).Run();
        session[SetFloor].Bind(1, floor).Run();
    }
}
