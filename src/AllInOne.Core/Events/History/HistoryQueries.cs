using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Json;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events.History;

/// <summary>The queries of the reader connections.</summary>
internal static class HistoryQueries
{
    /// <summary>The approximate size at which a page of an entity's history ends.</summary>
    private const int HistoryBytes = 1024 * 1024;

    /// <summary>The same limit for events of the event log, which many subscribers read at the same time.</summary>
    private const int SinceBytes = 256 * 1024;

    private const string Since = "SELECT seq, time, topic, type, data FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2";

    // The indexed part and a scan of the later events, each at most one page, then merged.
    private const string Page =
        """
        SELECT e.seq, e.time, e.topic, e.type, e.version, e.state, e.data FROM (
            SELECT * FROM (
                SELECT time, seq FROM history
                WHERE topic = (SELECT id FROM topics WHERE name = ?1) AND (time, seq) > (?2, ?3) AND time < ?4
                ORDER BY time, seq LIMIT ?5)
            UNION ALL
            SELECT * FROM (
                SELECT time, seq FROM events
                WHERE seq > (SELECT value FROM meta WHERE key = 'indexed')
                    AND topic = ?1 AND (time, seq) > (?2, ?3) AND time < ?4
                ORDER BY time, seq LIMIT ?5)
        ) AS page JOIN events e ON e.seq = page.seq
        ORDER BY page.time, page.seq LIMIT ?5
        """;

    // The first change after a position, in the same two parts.
    private const string First =
        """
        SELECT min(time) FROM (
            SELECT * FROM (
                SELECT time FROM history
                WHERE topic = (SELECT id FROM topics WHERE name = ?1) AND (time, seq) > (?2, ?3) AND time < ?4
                ORDER BY time, seq LIMIT 1)
            UNION ALL
            SELECT min(time) FROM events
            WHERE seq > (SELECT value FROM meta WHERE key = 'indexed') AND topic = ?1 AND (time, seq) > (?2, ?3) AND time < ?4
        )
        """;

    private const string Steps =
        """
        SELECT e.time / ?5, count(*), min(e.number), avg(e.number), max(e.number) FROM (
            SELECT seq FROM history
            WHERE topic = (SELECT id FROM topics WHERE name = ?1) AND (time, seq) > (?2, ?3) AND time < ?4
            UNION ALL
            SELECT seq FROM events
            WHERE seq > (SELECT value FROM meta WHERE key = 'indexed') AND topic = ?1 AND (time, seq) > (?2, ?3) AND time < ?4
        ) AS span JOIN events e ON e.seq = span.seq
        WHERE e.number IS NOT NULL GROUP BY 1 ORDER BY 1
        """;

    private const string LastAndFloor =
        "SELECT coalesce((SELECT max(seq) FROM events), 0), (SELECT value FROM meta WHERE key = 'floor')";

    private const string Raise = "UPDATE meta SET value = max(value, ?1) WHERE key = 'floor'";

    public static (long Last, long Floor) Ends(SqliteSession session)
    {
        var (last, floor) = session[LastAndFloor].Rows(row => (row.Int64(0), row.Int64(1))).Single();
        return (Math.Max(last, floor), floor);
    }

    /// <summary>Stores the floor: no cursor up to this seq is served any more, and no event gets a number up to it.</summary>
    public static void RaiseFloor(SqliteSession session, long seq) => session[Raise].Bind(1, seq).Run();

    /// <summary>The matching events after a seq: at most <paramref name="limit"/> of the next <paramref name="most"/> events.</summary>
    public static StoredEvents EventsSince(SqliteSession session, long since, int most, int limit, TopicFilter topics, EventEncoder encoder)
    {
        var (entries, examined, last, bytes) = (new List<LogEntry>(), 0, since, 0L);
        var rows = session[Since].Bind(1, since).Bind(2, most);
        try
        {
            while (entries.Count < limit && bytes < SinceBytes && rows.Step())
            {
                (examined, last) = (examined + 1, rows.Int64(0));
                var topic = rows.Text(2);
                if (topics.Matches(topic))
                {
                    var entry = encoder.Encode(Microseconds.ToTime(rows.Int64(1)), topic, rows.Text(3), rows.Utf8Span(4)).Number(last);
                    entries.Add(entry);
                    bytes += entry.Json.Length;
                }
            }
        }
        finally
        {
            rows.Reset();
        }

        return new StoredEvents(entries, last, examined);
    }

    /// <param name="hold">Called before each event is read: whether there is memory for this many more bytes. When null, memory is not limited.</param>
    /// <returns>Null if there is no memory for the first event.</returns>
    public static HistoryPage? HistoryOf(
        SqliteSession session, string topic, HistoryCursor after, long before, int limit, Func<long, bool>? hold)
    {
        // One event more than the limit shows whether there is a next page.
        var (items, isLast) = Items(
            session[Page].Bind(1, topic).Bind(2, after.Time).Bind(3, after.Seq).Bind(4, before).Bind(5, limit + 1L), limit, hold);
        return isLast ? new HistoryPage(items, null)
            : items.Count == 0 ? null
            : new HistoryPage(items, HistoryCursor.After(items[^1]).ToString());
    }

    /// <summary>A page of steps. It covers a limited number of steps from the first change on, so its cost does not depend on the length of history.</summary>
    /// <param name="step">The length of a step in microseconds.</param>
    public static HistoryStepPage StepsOf(
        SqliteSession session, string topic, HistoryCursor after, long before, long step, int limit)
    {
        if (FirstFrom(session, topic, after, before) is not { } first)
        {
            return new HistoryStepPage([], null);
        }

        var end = Math.Min(before, ((first / step) + limit) * step);
        var items = session[Steps].Bind(1, topic).Bind(2, after.Time).Bind(3, after.Seq).Bind(4, end).Bind(5, step)
            .Rows(row => new HistoryStep(
                Microseconds.ToTime(row.Int64(0) * step), row.Int64(1), row.Double(2), Finite(row.Double(3), row), row.Double(4)));
        var next = new HistoryCursor(end, 0);
        return new HistoryStepPage(items, FirstFrom(session, topic, next, before) is null ? null : next.ToString());
    }

    private static long? FirstFrom(SqliteSession session, string topic, HistoryCursor after, long before) =>
        session[First].Bind(1, topic).Bind(2, after.Time).Bind(3, after.Seq).Bind(4, before)
            .Rows(row => row.IsNull(0) ? (long?)null : row.Int64(0)).Single();

    // The sum of huge numbers may be infinite, so the mean is limited to the range of minimum and maximum.
    private static double Finite(double mean, SqliteStatement row) => double.IsFinite(mean) ? mean : (row.Double(2) / 2) + (row.Double(4) / 2);

    /// <summary>The rows up to the limit, the size of a page or the free memory, and whether these are the last rows.</summary>
    private static (List<HistoryItem> Items, bool IsLast) Items(SqliteStatement rows, int limit, Func<long, bool>? hold)
    {
        var (items, bytes) = (new List<HistoryItem>(), 0L);
        try
        {
            while (rows.Step())
            {
                // The state becomes text, two bytes for each character.
                var more = (2L * rows.Length(5)) + rows.Length(6);
                if (items.Count == limit || bytes >= HistoryBytes || hold?.Invoke(more) == false)
                {
                    return (items, false);
                }

                items.Add(Item(rows));
                bytes += more;
            }

            return (items, true);
        }
        finally
        {
            rows.Reset();
        }
    }

    private static HistoryItem Item(SqliteStatement row) => new(
        row.Int64(0),
        Microseconds.ToTime(row.Int64(1)),
        row.Text(2),
        row.Text(3),
        row.Int64(4),
        row.IsNull(5) ? null : new JsonText(row.Text(5)),
        row.Utf8(6));
}
