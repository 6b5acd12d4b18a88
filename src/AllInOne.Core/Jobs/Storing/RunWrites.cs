using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>The record of a run before it begins, and in the same transaction that its time is no longer due.</summary>
/// <param name="retried">The run that this one tries again; 0 for none.</param>
/// <param name="planned">The time that is done with; null where it is for none.</param>
/// <param name="asked">Whether it is one of those that <see cref="StoreRunRequest"/> has stored.</param>
/// <param name="answer">Told after the commit: null, or why it is not stored.</param>
internal sealed class BeginRun(Run run, long retried, DateTimeOffset? planned, bool asked, Action<string?> answer) : WriteOperation(default)
{
    public override int Bytes => 128;

    public override void Apply(SqliteSession session)
    {
        RunRows.Begin(session, run);
        if (planned is { } time)
        {
            JobRows.Plan(session, run.Job, time);
        }

        if (retried != 0)
        {
            RunRows.RetryBegun(session, retried);
        }

        if (asked)
        {
            JobRows.AddRequests(session, run.Job, -1);
        }
    }

    public override void Answer() => answer(null);

    public override void Refuse(string reason) => answer(reason);
}

/// <summary>A run that was asked for and waits for another one to end: noted with its job, until it begins.</summary>
/// <param name="answer">Told after the commit: whether there is the job; or why it is not stored.</param>
internal sealed class StoreRunRequest(string job, Action<bool, string?> answer) : WriteOperation(default)
{
    private bool _isThere;

    public override void Apply(SqliteSession session) => _isThere = JobRows.AddRequests(session, job, 1);

    public override void Answer() => answer(_isThere, null);

    public override void Refuse(string reason) => answer(false, reason);
}

/// <summary>How a run ended, and in the same transaction what becomes of its item.</summary>
/// <param name="item">As it is from now on; null: there is none, or it is done with.</param>
internal sealed class EndRun(Run run, QueueItem? item) : WriteOperation(default)
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

/// <summary>All that a start needs to know of runs, read behind the writes that are under way.</summary>
internal sealed class ReadUnfinished(Action<Unfinished?, string?> answer) : WriteOperation(default)
{
    private Unfinished? _found;

    public override int Rows => 0;

    public override void Apply(SqliteSession session) =>
        _found = new Unfinished(RunRows.Open(session), RunRows.Retries(session), QueueRows.Waiting(session), JobRows.Progress(session), RunRows.Last(session));

    public override void Answer() => answer(_found, null);

    public override void Refuse(string reason) => answer(null, reason);
}

/// <param name="Open">Runs that have no end: whoever did them is gone.</param>
/// <param name="Retries">Ended ones that are to be tried again.</param>
/// <param name="Items">What waits in the queues, in the order in which it came.</param>
/// <param name="Jobs">What each job owes.</param>
/// <param name="LastRun">The greatest id there is.</param>
internal sealed record Unfinished(
    IReadOnlyList<Run> Open, IReadOnlyList<Run> Retries, IReadOnlyList<QueueItem> Items, IReadOnlyList<JobProgress> Jobs, long LastRun);

/// <summary>Deletes records of ended runs: those with ids below, or all of a job beyond the newest ones; at most so many in one transaction.</summary>
internal sealed class SweepRuns(long before, string? job, int kept, int most) : AnsweredWrite<SweptRuns>(null)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session) => Outcome = new SweptRuns(
        job is null ? RunRows.DeleteOlder(session, before, most) : RunRows.DeleteMore(session, job, kept, most));
}

internal sealed record SweptRuns(int Count);
