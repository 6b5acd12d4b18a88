using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>Reads and writes the rows of the queues in allinone.db.</summary>
internal static class QueueRows
{
    /// <summary>A page ends with the item that brings it to this size.</summary>
    private const int PageBytes = 1024 * 1024;

    private const string Columns = "id, job, key, parameters, enqueued, due, attempt, error, dead";

    // When the transaction runs, the job may be deleted, and the key may be taken.
    private const string InsertOne =
        """
        INSERT INTO queue (job, key, parameters, enqueued, due, attempt, dead)
        SELECT ?1, ?2, ?3, ?4, ?5, 1, 0 WHERE EXISTS (SELECT 1 FROM jobs WHERE id = ?1)
        ON CONFLICT DO NOTHING RETURNING id
        """;

    private const string FindKey = "SELECT id FROM queue WHERE job = ?1 AND key = ?2";

    private const string UpdateOne = "UPDATE queue SET due = ?2, attempt = ?3, error = ?4, dead = ?5 WHERE id = ?1";

    private const string DeleteOne = "DELETE FROM queue WHERE id = ?1";

    private const string FindWaiting = $"SELECT {Columns} FROM queue WHERE dead = 0 ORDER BY id";

    private const string FindDead = $"SELECT {Columns} FROM queue WHERE job = ?1 AND dead = ?2 AND id > ?3 ORDER BY id LIMIT ?4";

    private const string FindDeadBeyond = $"SELECT {Columns} FROM queue WHERE job = ?1 AND dead = 1 ORDER BY id DESC LIMIT ?2 OFFSET ?3";

    private const string FindOneDead = $"SELECT {Columns} FROM queue WHERE job = ?1 AND dead = 1 AND id = ?2";

    private const string CountDead = "SELECT job, count(*) FROM queue WHERE dead = 1 GROUP BY job";

    /// <returns>The id; null if the job was deleted or the key exists already.</returns>
    public static long? Insert(SqliteSession session, QueueItem item)
    {
        var statement = session[InsertOne]
            .Bind(1, item.Job.Value).Bind(2, item.Key).Bind(3, item.Parameters.Span).Bind(4, Microseconds.From(item.Enqueued)).Bind(5, Microseconds.From(item.Due));
        return statement.Rows(row => (long?)row.Int64(0)).SingleOrDefault();
    }

    public static long? Find(SqliteSession session, JobId job, string key) =>
        session[FindKey].Bind(1, job.Value).Bind(2, key).Rows(row => (long?)row.Int64(0)).SingleOrDefault();

    public static void Update(SqliteSession session, QueueItem item) => session[UpdateOne]
        .Bind(1, item.Id).Bind(2, Microseconds.From(item.Due)).Bind(3, item.Attempt).Bind(4, item.Error).Bind(5, item.IsDead ? 1 : 0).Run();

    public static void Delete(SqliteSession session, long id) => session[DeleteOne].Bind(1, id).Run();

    public static List<QueueItem> Waiting(SqliteSession session) => session[FindWaiting].Rows(Row);

    /// <summary>A page of the waiting or the dead items, in the order of their ids, and whether it is the last page.</summary>
    /// <param name="hold">Called before each item is read: whether there is memory for this many more bytes. When null, memory is not limited.</param>
    public static (List<QueueItem> Items, bool IsLast) List(SqliteSession session, JobId job, bool dead, long after, int limit, Func<long, bool>? hold)
    {
        // One item more than the limit shows whether there is a next page.
        var rows = session[FindDead].Bind(1, job.Value).Bind(2, dead ? 1 : 0).Bind(3, after).Bind(4, limit + 1);
        var (items, bytes) = (new List<QueueItem>(), 0L);
        try
        {
            while (rows.Step())
            {
                // The error becomes text, two bytes for each character.
                var more = rows.Length(3) + (2L * rows.Length(7));
                if (items.Count == limit || bytes >= PageBytes || hold?.Invoke(more) == false)
                {
                    return (items, false);
                }

                items.Add(Row(rows));
                bytes += more;
            }

            return (items, true);
        }
        finally
        {
            rows.Reset();
        }
    }

    /// <summary>The dead items of a job except the newest ones.</summary>
    public static List<QueueItem> DeadBeyond(SqliteSession session, JobId job, int kept, int most) =>
        session[FindDeadBeyond].Bind(1, job.Value).Bind(2, most).Bind(3, kept).Rows(Row);

    public static QueueItem? Dead(SqliteSession session, JobId job, long id) => session[FindOneDead].Bind(1, job.Value).Bind(2, id).Rows(Row).SingleOrDefault();

    public static List<(JobId Job, int Count)> DeadCounts(SqliteSession session) => session[CountDead].Rows(row => (JobId.Stored(row.Text(0)), (int)row.Int64(1)));

    private static QueueItem Row(SqliteStatement row) => new(
        row.Int64(0), JobId.Stored(row.Text(1)), row.IsNull(2) ? null : row.Text(2), row.Utf8(3), Microseconds.ToTime(row.Int64(4)), Microseconds.ToTime(row.Int64(5)),
        (int)row.Int64(6), row.IsNull(7) ? null : row.Text(7), row.Int64(8) != 0);
}
