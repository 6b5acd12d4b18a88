using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>Reads and writes the records of runs in allinone.db.</summary>
internal static class RunRows
{
    private const string Columns = "id, job, cause, outcome, planned, started, ended, attempt, trace, item, retry, output, error";

    // Lists have no outputs, because a page of them would be too large.
    private const string ListColumns = "id, job, cause, outcome, planned, started, ended, attempt, trace, item, retry, NULL, error";

    private const string InsertOne =
        "INSERT INTO runs (id, job, cause, planned, started, attempt, trace, item) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    private const string EndOne =
        "UPDATE runs SET outcome = ?2, ended = ?3, retry = ?4, output = ?5, error = ?6 WHERE id = ?1 AND outcome IS NULL";

    private const string Retried = "UPDATE runs SET retry = NULL WHERE id = ?1";

    private const string FindOpen = $"SELECT {Columns} FROM runs WHERE outcome IS NULL ORDER BY id";

    private const string FindRetries = $"SELECT {Columns} FROM runs WHERE retry IS NOT NULL ORDER BY retry";

    private const string FindOne = $"SELECT {Columns} FROM runs WHERE job = ?1 AND id = ?2";

    private const string FindLast = "SELECT coalesce(max(id), 0) FROM runs";

    private const string DeleteBefore =
        """
        DELETE FROM runs WHERE id IN (SELECT id FROM runs WHERE id < ?1 AND outcome IS NOT NULL AND retry IS NULL ORDER BY id LIMIT ?2)
        """;

    private const string DeleteBeyond =
        """
        DELETE FROM runs WHERE id IN (
            SELECT id FROM runs WHERE job = ?1 AND outcome IS NOT NULL AND retry IS NULL
                AND id <= (SELECT id FROM runs WHERE job = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2) ORDER BY id LIMIT ?3)
        """;

    public static void Start(SqliteSession session, Run run) => Optional(
        session[InsertOne]
            .Bind(1, run.Id.Value).Bind(2, run.Job.Value).Bind(3, (long)run.Cause).Bind(5, Microseconds.From(run.Started)).Bind(6, run.Attempt).Bind(7, run.Trace),
        (4, run.PlannedFor is { } planned ? Microseconds.From(planned) : null),
        (8, run.Item)).Run();

    /// <summary>Stores the end of a run. The first end counts; later ones change nothing.</summary>
    public static void End(SqliteSession session, Run run) => Optional(
        session[EndOne].Bind(1, run.Id.Value).Bind(2, (long)run.Outcome!.Value).Bind(3, Microseconds.From(run.Ended!.Value)).Bind(5, run.Output).Bind(6, run.Error),
        (4, run.Retry is { } retry ? Microseconds.From(retry) : null)).Run();

    public static void RetryStarted(SqliteSession session, RunId id) => session[Retried].Bind(1, id.Value).Run();

    public static List<Run> Open(SqliteSession session) => session[FindOpen].Rows(Row);

    public static List<Run> Retries(SqliteSession session) => session[FindRetries].Rows(Row);

    public static Run? Find(SqliteSession session, JobId job, RunId id) => session[FindOne].Bind(1, job.Value).Bind(2, id.Value).Rows(Row).SingleOrDefault();

    public static RunId Last(SqliteSession session) => session[FindLast].Rows(row => new RunId(row.Int64(0))).Single();

    public static int DeleteOlder(SqliteSession session, RunId before, int most)
    {
        var changes = session.Changes;
        session[DeleteBefore].Bind(1, before.Value).Bind(2, most).Run();
        return session.Changes - changes;
    }

    public static int DeleteMore(SqliteSession session, JobId job, int kept, int most)
    {
        var changes = session.Changes;
        session[DeleteBeyond].Bind(1, job.Value).Bind(2, kept).Bind(3, most).Run();
        return session.Changes - changes;
    }

    /// <summary>A page, newest first, without their outputs.</summary>
    public static List<Run> List(SqliteSession session, RunQuery query, int limit)
    {
        var (conditions, values) = (new List<string>(), new List<StoredValue>());
        Add(query.Job is { } job ? StoredValue.From(System.Text.Encoding.UTF8.GetBytes(job.Value)) : null, "job =");
        // An id is never less than the start time of its run. So this condition stops the search before older rows.
        Add(query.From is { } since ? StoredValue.From(Microseconds.From(since)) : null, "id >=");
        Add(query.Before is { } before ? StoredValue.From(before.Value) : null, "id <");
        Add(query.Outcome is { } outcome ? StoredValue.From((long)outcome) : null, "outcome =");
        Add(query.From is { } from ? StoredValue.From(Microseconds.From(from)) : null, "started >=");
        Add(query.To is { } to ? StoredValue.From(Microseconds.From(to)) : null, "started <");
        if (query.IsRunning)
        {
            conditions.Add("outcome IS NULL");
        }

        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        using var statement = session.Once($"SELECT {ListColumns} FROM runs{where} ORDER BY id DESC LIMIT {limit}");
        for (var n = 0; n < values.Count; n++)
        {
            statement.Bind(n + 1, values[n]);
        }

        return statement.Rows(Row);

        void Add(StoredValue? value, string condition)
        {
            if (value is { } given)
            {
                values.Add(given);
                conditions.Add($"{condition} ?{values.Count}");
            }
        }
    }

    private static SqliteStatement Optional(SqliteStatement statement, params ReadOnlySpan<(int Index, long? Value)> values)
    {
        foreach (var (index, value) in values)
        {
            _ = value is { } number ? statement.Bind(index, number) : statement.Bind(index, (string?)null);
        }

        return statement;
    }

    private static Run Row(SqliteStatement row) => new(
        new RunId(row.Int64(0)), JobId.Stored(row.Text(1)), (RunCause)row.Int64(2), row.IsNull(3) ? null : (RunOutcome)row.Int64(3), Time(row, 4), Microseconds.ToTime(row.Int64(5)),
        Time(row, 6), (int)row.Int64(7), row.Text(8), row.IsNull(9) ? null : row.Int64(9), Time(row, 10),
        row.IsNull(11) ? null : row.Text(11), row.IsNull(12) ? null : row.Text(12));

    private static DateTimeOffset? Time(SqliteStatement row, int column) => row.IsNull(column) ? null : Microseconds.ToTime(row.Int64(column));
}
