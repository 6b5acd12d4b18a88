using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>Stores the record of a run before its start, and in the same transaction that its time is no longer due.</summary>
/// <param name="retried">The id of the failed run that this one repeats; null for none.</param>
/// <param name="planned">The time that is handled; null if no due time caused the run.</param>
/// <param name="requested">Whether it is a request that <see cref="StoreRunRequest"/> has stored.</param>
/// <param name="answer">Called after the commit with null, or with the reason why the record is not stored.</param>
internal sealed class StartRun(Run run, RunId? retried, DateTimeOffset? planned, bool requested, Action<string?> answer) : WriteOperation<SqliteSession>(default)
{
    public override int Bytes => 128;

    public override void Apply(SqliteSession session)
    {
        RunRows.Start(session, run);
        if (planned is { } time)
        {
            JobRows.Plan(session, run.Job, time);
        }

        if (retried is { } failed)
        {
            RunRows.RetryStarted(session, failed);
        }

        if (requested)
        {
            JobRows.AddRequests(session, run.Job, -1);
        }
    }

    public override void Answer() => answer(null);

    public override void Refuse(string reason) => answer(reason);
}

/// <summary>Stores the request for a run that waits until another run completes. The request stays until the run starts.</summary>
/// <param name="answer">Called after the commit: whether the job exists, or the reason why the request is not stored.</param>
internal sealed class StoreRunRequest(JobId job, Action<bool, string?> answer) : WriteOperation<SqliteSession>(default)
{
    private bool _isThere;

    public override void Apply(SqliteSession session) => _isThere = JobRows.AddRequests(session, job, 1);

    public override void Answer() => answer(_isThere, null);

    public override void Refuse(string reason) => answer(false, reason);
}

/// <summary>Stores the result of a run, and in the same transaction the change of its item.</summary>
/// <param name="item">The item after the run; null: there is no item, or it leaves the queue.</param>
internal sealed class EndRun(Run run, QueueItem? item) : WriteOperation<SqliteSession>(default)
{
    public override int Bytes => 128 + (run.Output?.Length ?? 0);

    public override void Apply(SqliteSession session)
    {
        RunRows.End(session, run);
        if (item is not null)
        {
            QueueRows.Update(session, item);
        }
        else if (run.Item is { } done)
        {
            QueueRows.Delete(session, done);
        }
    }
}

/// <summary>Reads the unfinished work at a start, behind the pending writes.</summary>
internal sealed class ReadUnfinished(Action<Unfinished?, string?> answer) : WriteOperation<SqliteSession>(default)
{
    private Unfinished? _found;

    public override int Rows => 0;

    public override void Apply(SqliteSession session) =>
        _found = new Unfinished(RunRows.Open(session), RunRows.Retries(session), QueueRows.Waiting(session), JobRows.Progress(session), RunRows.Last(session));

    public override void Answer() => answer(_found, null);

    public override void Refuse(string reason) => answer(null, reason);
}

/// <summary>The unfinished work in the file.</summary>
/// <param name="Open">Runs without an end; their actors are gone.</param>
/// <param name="Retries">Completed runs with a pending retry.</param>
/// <param name="Items">The waiting items of all queues, in the order of their ids.</param>
/// <param name="Jobs">The progress of each job.</param>
/// <param name="LastRun">The greatest id of a run.</param>
internal sealed record Unfinished(
    IReadOnlyList<Run> Open, IReadOnlyList<Run> Retries, IReadOnlyList<QueueItem> Items, IReadOnlyList<JobProgress> Jobs, RunId LastRun);

/// <summary>
/// Deletes records of completed runs: records with smaller ids, or records of a job beyond the newest ones. One transaction deletes a limited number.
/// </summary>
internal sealed class SweepRuns(RunId before, JobId? job, int kept, int most) : AnsweredWrite<SqliteSession, SweptRuns>(null)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session) => Outcome = new SweptRuns(
        job is { } one ? RunRows.DeleteMore(session, one, kept, most) : RunRows.DeleteOlder(session, before, most));
}

internal sealed record SweptRuns(int Count);
