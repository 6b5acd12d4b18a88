using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>The stored progress of one job.</summary>
/// <param name="Planned">Times up to this one are handled.</param>
/// <param name="Requested">The number of requested runs that have not started.</param>
internal readonly record struct JobProgress(JobId Job, DateTimeOffset Planned, int Requested);

/// <summary>Reads and writes the rows of definitions in allinone.db.</summary>
internal static class JobRows
{
    private const string Columns = "id, version, definition, created, updated, anchor, paused, built_in";

    private const string FindOne = $"SELECT {Columns} FROM jobs WHERE id = ?1";

    private const string FindAll = $"SELECT {Columns} FROM jobs";

    private const string PutOne =
        """
        INSERT INTO jobs (id, version, definition, created, updated, anchor, planned, paused, built_in) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT DO UPDATE SET version = ?2, definition = ?3, updated = ?5, anchor = ?6, planned = max(planned, ?7), paused = ?8, built_in = ?9
        """;

    private const string DeleteOne = "DELETE FROM jobs WHERE id = ?1";

    private const string DeleteItems = "DELETE FROM queue WHERE job = ?1";

    private const string NoRetries = "UPDATE runs SET retry = NULL WHERE job = ?1 AND retry IS NOT NULL";

    private const string SetPlanned = "UPDATE jobs SET planned = max(planned, ?2) WHERE id = ?1";

    private const string SetPaused = "UPDATE jobs SET paused = ?2, planned = max(planned, ?3) WHERE id = ?1";

    // CASE, because AND does not guarantee an order. Otherwise json_extract could fail on a definition that is not JSON, and no job would be rewound.
    private const string RewindAll =
        """
        UPDATE jobs SET anchor = min(anchor, ?1), planned = min(planned, ?1)
        WHERE max(anchor, planned) >= ?2 AND CASE WHEN json_valid(definition) THEN json_extract(definition, '$.schedule.at') END IS NULL
        """;

    private const string AddRequested = "UPDATE jobs SET asked = max(0, asked + ?2) WHERE id = ?1";

    private const string AllProgress = "SELECT id, planned, asked FROM jobs";

    public static Job? Find(SqliteSession session, JobId id) => session[FindOne].Bind(1, id.Value).Rows(row => Read(Raw(row))).SingleOrDefault();

    /// <summary>Reads all jobs. The definitions are parsed in parallel.</summary>
    public static List<Job> All(SqliteSession session) => [.. session[FindAll].Rows(Raw).AsParallel().Select(Read)];

    /// <param name="planned">Times up to this one are no longer due.</param>
    public static void Put(SqliteSession session, Job job, DateTimeOffset planned) => session[PutOne]
        .Bind(1, job.Id.Value).Bind(2, job.Version).Bind(3, JobDefinitionJson.ToUtf8(job.Definition))
        .Bind(4, Microseconds.From(job.Created)).Bind(5, Microseconds.From(job.Updated)).Bind(6, Microseconds.From(job.Anchor))
        .Bind(7, Microseconds.From(planned)).Bind(8, job.Paused ? 1 : 0).Bind(9, job.BuiltIn ? 1 : 0).Run();

    /// <summary>Deletes a job and its queue. The records of its runs stay.</summary>
    public static void Delete(SqliteSession session, JobId id)
    {
        session[DeleteOne].Bind(1, id.Value).Run();
        session[DeleteItems].Bind(1, id.Value).Run();
        session[NoRetries].Bind(1, id.Value).Run();
    }

    /// <summary>Stores that times up to this one are no longer due.</summary>
    public static void Plan(SqliteSession session, JobId id, DateTimeOffset planned) =>
        session[SetPlanned].Bind(1, id.Value).Bind(2, Microseconds.From(planned)).Run();

    /// <param name="planned">Times up to this one are no longer due.</param>
    public static void Pause(SqliteSession session, JobId id, bool paused, DateTimeOffset planned) =>
        session[SetPaused].Bind(1, id.Value).Bind(2, paused ? 1 : 0).Bind(3, Microseconds.From(planned)).Run();

    /// <summary>
    /// Sets anchors and planned times that are later than now, by at least the tolerance of clocks, to now. One-time schedules keep their times.
    /// </summary>
    public static void Rewind(SqliteSession session, DateTimeOffset now) => session[RewindAll]
        .Bind(1, Microseconds.From(now)).Bind(2, Microseconds.From(now + SteadyClock.Tolerance)).Run();

    /// <summary>Changes the number of requested runs that wait.</summary>
    /// <returns>Whether the job exists.</returns>
    public static bool AddRequests(SqliteSession session, JobId id, int count)
    {
        var changes = session.Changes;
        session[AddRequested].Bind(1, id.Value).Bind(2, count).Run();
        return session.Changes > changes;
    }

    public static List<JobProgress> Progress(SqliteSession session) =>
        session[AllProgress].Rows(row => new JobProgress(JobId.Stored(row.Text(0)), Microseconds.ToTime(row.Int64(1)), (int)row.Int64(2)));

    private static RawJob Raw(SqliteStatement row) => new(
        JobId.Stored(row.Text(0)), row.Int64(1), row.Utf8(2), row.Int64(3), row.Int64(4), row.Int64(5), row.Int64(6) != 0, row.Int64(7) != 0);

    // A definition that cannot be read any more (for example, an unknown time zone) does not affect other jobs: it is kept, but the job does not run.
    private static Job Read(RawJob raw)
    {
        var (definition, problem) = JobDefinitionJson.FromUtf8(raw.Definition);
        return new Job(
            raw.Id, raw.Version, definition ?? JobDefinition.Of(new JobAction.None()) with { Enabled = false }, Microseconds.ToTime(raw.Created),
            Microseconds.ToTime(raw.Updated), Microseconds.ToTime(raw.Anchor), raw.Paused, raw.BuiltIn, problem);
    }

    private readonly record struct RawJob(
        JobId Id, long Version, byte[] Definition, long Created, long Updated, long Anchor, bool Paused, bool BuiltIn);
}
