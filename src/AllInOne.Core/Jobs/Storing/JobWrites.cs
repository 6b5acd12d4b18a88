using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>The result of changing a definition.</summary>
/// <param name="Job">The job after the change, or the deleted job; null if nothing was changed.</param>
/// <param name="Errors">The errors that prevented the change: hidden values that do not exist.</param>
internal sealed record JobChange(Job? Job, bool Created, bool ConditionFailed, IReadOnlyDictionary<string, string[]>? Errors = null);

/// <summary>Stores a new or changed definition. A new schedule starts now: its earlier times do not count as missed.</summary>
internal sealed class SaveJob(
    JobId id, JobDefinition definition, VersionCondition condition, bool builtIn, long version, DateTimeOffset now, Action<JobChange> committed)
    : AnsweredWrite<SqliteSession, JobChange>(committed)
{
    public override int Bytes => 512;

    public override void Apply(SqliteSession session)
    {
        var there = JobRows.Find(session, id);
        if (!condition.Holds(there?.Version))
        {
            Outcome = new JobChange(null, false, true);
            return;
        }

        var (action, errors) = JobSecrets.Keep(definition.Action, there?.Definition.Action);
        if (errors.Count > 0)
        {
            Outcome = new JobChange(null, false, false, errors);
            return;
        }

        var isSame = there is not null && Equals(there.Definition.Schedule, definition.Schedule);
        var job = new Job(
            id, Math.Max((there?.Version ?? 0) + 1, version), definition with { Action = action }, there?.Created ?? now, now, isSame ? there!.Anchor : now,
            there?.Paused ?? false, builtIn);
        JobRows.Put(session, job, isSame && there!.IsActive ? there.Anchor : now);
        Outcome = new JobChange(job, there is null, false);
    }
}

/// <summary>Deletes a job.</summary>
internal sealed class DeleteJob(JobId id, VersionCondition condition, Action<JobChange> committed) : AnsweredWrite<SqliteSession, JobChange>(committed)
{
    public override void Apply(SqliteSession session)
    {
        var there = JobRows.Find(session, id);
        var holds = condition.Holds(there?.Version);
        if (there is not null && holds)
        {
            JobRows.Delete(session, id);
        }

        Outcome = new JobChange(holds ? there : null, false, !holds);
    }
}

/// <summary>Pauses or resumes jobs. Times of the pause are skipped.</summary>
internal sealed class PauseJobs(IReadOnlyList<JobId> ids, bool paused, DateTimeOffset now, Action<PausedJobs> committed) : AnsweredWrite<SqliteSession, PausedJobs>(committed)
{
    public override void Apply(SqliteSession session)
    {
        var changed = new List<Job>();
        foreach (var id in ids)
        {
            if (JobRows.Find(session, id) is { } job && job.Paused != paused)
            {
                changed.Add(job with { Paused = paused });
                JobRows.Pause(session, id, paused, now);
            }
        }

        Outcome = new PausedJobs(changed);
    }
}

/// <summary>The clock was set back: sets later anchors and planned times of repeating schedules to now.</summary>
internal sealed class RewindJobs(DateTimeOffset now, Action committed) : WriteOperation<SqliteSession>(default)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session) => JobRows.Rewind(session, now);

    public override void Answer() => committed();
}

/// <summary>The jobs that were paused or resumed.</summary>
internal sealed record PausedJobs(IReadOnlyList<Job> Changed);

/// <summary>Stores that times up to this one are skipped: they are no longer due, and they have no run.</summary>
internal sealed class SkipTimes(JobId job, DateTimeOffset planned) : WriteOperation<SqliteSession>(default)
{
    public override void Apply(SqliteSession session) => JobRows.Plan(session, job, planned);
}
