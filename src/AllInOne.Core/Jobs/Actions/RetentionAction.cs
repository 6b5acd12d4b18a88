using System.Globalization;
using AllInOne.Core.Events.History;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Storage;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>Deletes old events and old records of runs in small transactions, so that other writes do not wait for long.</summary>
internal sealed class RetentionAction(Database database, HistoryStore history, HistoryOptions historyOptions, JobsOptions options, TimeProvider clock)
{
    private const int Stretch = 500;

    // The next job that has a record.
    private const string NextJob = "SELECT min(job) FROM runs WHERE job > ?1";

    private const string HasMore = "SELECT 1 FROM runs WHERE job = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2";

    /// <summary>The time from which ages are calculated.</summary>
    private DateTimeOffset TrustedNow => clock.GetUtcNow() - database.Clock.Doubt;

    public async Task<RunResult> ActAsync(JobAction.Retention action, RunTask task, CancellationToken stop)
    {
        var deleted = action.Of == RetentionOf.History ? await HistoryAsync(stop).ConfigureAwait(false) : await RunsAsync(stop).ConfigureAwait(false);
        task.Output.Write(string.Create(CultureInfo.InvariantCulture, $"{deleted} deleted"));
        if (database.Clock.Doubt is var doubt && doubt > TimeSpan.Zero)
        {
            task.Output.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"; the clock went forward by {doubt:d\\.hh\\:mm\\:ss} (days.hours:minutes:seconds) and may be wrong: this time counts as age when the server has run for an hour"));
        }

        return RunResult.Good;
    }

    private async Task<long> HistoryAsync(CancellationToken stop)
    {
        if (historyOptions.Retention == TimeSpan.Zero)
        {
            return 0;
        }

        var (deleted, mayBeMore) = (0L, true);
        while (mayBeMore)
        {
            var swept = await history.SweepAsync(TrustedNow - historyOptions.Retention, historyOptions.SweepRows, stop).ConfigureAwait(false);
            (deleted, mayBeMore) = (deleted + swept.Deleted, swept.MayBeMore);
        }

        return deleted;
    }

    private async Task<long> RunsAsync(CancellationToken stop)
    {
        var deleted = 0L;
        if (options.RunRetention > TimeSpan.Zero)
        {
            var before = new RunId(Microseconds.From(TrustedNow - options.RunRetention));
            deleted += await SweepAsync(() => new SweepRuns(before, null, 0, Stretch), stop).ConfigureAwait(false);
        }

        foreach (var job in await database.Readers.QueryAsync(WithMore, stop).ConfigureAwait(false))
        {
            deleted += await SweepAsync(() => new SweepRuns(default, job, options.RunsKept, Stretch), stop).ConfigureAwait(false);
        }

        return deleted;
    }

    private List<JobId> WithMore(Storage.Sqlite.SqliteSession session)
    {
        var jobs = new List<JobId>();
        for (var job = ""; session[NextJob].Bind(1, job).Rows(row => row.IsNull(0) ? null : row.Text(0)).Single() is { } next; job = next)
        {
            if (session[HasMore].Bind(1, next).Bind(2, options.RunsKept).Rows(_ => true).Count > 0)
            {
                jobs.Add(JobId.Stored(next));
            }
        }

        return jobs;
    }

    private async Task<long> SweepAsync(Func<SweepRuns> next, CancellationToken stop)
    {
        var (all, count) = (0L, Stretch);
        while (count == Stretch)
        {
            var swept = await next().StoreAsync(database.Writer, clock, options.WriteTimeout, options.WriteTimeout, stop).ConfigureAwait(false);
            all += count = swept!.Count;
        }

        return all;
    }
}
