using Akka.Actor;
using AllInOne.Core.Entities;
using AllInOne.Core.Events.History;
using AllInOne.Core.Events;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Jobs.Scheduling;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging;

using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AllInOne.Core.Jobs;

/// <summary>The module of the background jobs: it creates their facade and specifies their actors.</summary>
public sealed partial class JobsModule : IDisposable
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "jobs";

    private readonly JobActions? _own;

    /// <param name="dataDirectory">The default directory of commands.</param>
    /// <param name="backupSchedule">A cron expression; null for none.</param>
    /// <param name="readiness">Notified when the definitions and the unfinished work are restored.</param>
    /// <param name="backup">Makes a backup.</param>
    internal JobsModule(
        JobsOptions options, string dataDirectory, string? backupSchedule, HistoryOptions retention, Database main,
        HistoryStore history, EventLog events, StateStore state, EntityDirectory entities, Func<RunTask, CancellationToken, Task<RunResult>> backup,
        TimeProvider clock, Readiness readiness, ILoggerFactory loggers)
        : this(
            options, BuiltIn(backupSchedule, retention), main, events, clock, readiness, loggers,
            new JobActions(
                new HttpAction(), new CommandAction(options, dataDirectory), new StateAction(state), new EntityAction(entities),
                new RetentionAction(main, history, retention, options, clock), backup))
    {
    }

    private JobsModule(
        JobsOptions options, IReadOnlyDictionary<string, JobDefinition> builtIn, Database main, EventLog events,
        TimeProvider clock, Readiness readiness, ILoggerFactory loggers, JobActions actions)
        : this(options, builtIn, main, events, clock, readiness, loggers, actions.ActAsync) => _own = actions;

    /// <param name="builtIn">The built-in jobs, by id.</param>
    /// <param name="act">Executes the action of a run. Tests replace it.</param>
    internal JobsModule(
        JobsOptions options, IReadOnlyDictionary<string, JobDefinition> builtIn, Database main, EventLog events,
        TimeProvider clock, Readiness readiness, ILoggerFactory loggers, Func<RunTask, CancellationToken, Task<RunResult>> act)
    {
        var store = new JobStore(main, options, events, clock);
        Store = store;
        var (runsLog, clockLog) = (loggers.CreateLogger<RunsActor>(), loggers.CreateLogger<ClockActor>());
        Actors =
        [
            new ChildSpec("runs", Props.Create(() => new RunsActor(store, options, act, clock, runsLog))) { ReportsReady = true },
            new ChildSpec("clock", Props.Create(() => new ClockActor(store, clock, readiness, clockLog))) { ReportsReady = true },
        ];
        Restores = new JobsRestore(store, builtIn);
        foreach (var (id, job) in builtIn)
        {
            if (job.Schedule is JobSchedule.Cron cron && cron.After(store.Now, store.Now) is null)
            {
                // This does not stop the start: the last time of a schedule with a year may pass while the server runs.
                var reason = $"{job.Description} never comes due: all times of '{Excerpt.Of(cron.Text)}' have passed. The job {id} only runs when it is started.";
                readiness.Note(id, reason);
                LogNeverDue(loggers.CreateLogger<JobsModule>(), reason);
            }
        }
    }

    /// <summary>The facade of the jobs.</summary>
    public JobStore Store { get; }

    /// <summary>
    /// The actors below <c>/user/jobs</c>. Both read the changes that they missed. When they stop, active runs are cancelled, and the next start
    /// finds them without an end.
    /// </summary>
    public IReadOnlyList<ChildSpec> Actors { get; }

    /// <summary>The definitions and the unfinished work in allinone.db.</summary>
    internal IRestorable Restores { get; }

    /// <summary>Kills the programs that still run. Call it after <c>/user/jobs</c> has stopped.</summary>
    public void Dispose() => _own?.Dispose();

    /// <summary>The definitions of the built-in jobs.</summary>
    private static Dictionary<string, JobDefinition> BuiltIn(string? backupSchedule, HistoryOptions history)
    {
        var again = new RetryPolicy(3, TimeSpan.FromMinutes(1));
        var jobs = new Dictionary<string, JobDefinition>
        {
            ["run-retention"] = JobDefinition.Of(new JobAction.Retention(RetentionOf.Runs), new JobSchedule.Every(TimeSpan.FromMinutes(5))) with
            {
                Retry = again, Description = "Deletes records of runs beyond Jobs:RunRetention and Jobs:RunsKept.",
            },
        };
        if (history.Retention > TimeSpan.Zero)
        {
            jobs["history-retention"] = JobDefinition.Of(new JobAction.Retention(RetentionOf.History), new JobSchedule.Every(history.SweepInterval)) with
            {
                Retry = again, Description = "Deletes events older than History:Retention.",
            };
        }

        if (backupSchedule is { Length: > 0 } && JobSchedule.Cron.Parse(backupSchedule, null).Schedule is { } schedule)
        {
            jobs["backup"] = JobDefinition.Of(new JobAction.Backup(), schedule) with { Retry = again, Description = "Backup:Schedule" };
        }

        return jobs;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private static partial void LogNeverDue(ILogger log, string reason);

    private sealed class JobsRestore(JobStore store, IReadOnlyDictionary<string, JobDefinition> builtIn) : IRestorable
    {
        public bool IsRestored => store.IsRestored;

        public string Progress => "restoring";

        public Task RestoreAsync() => store.RestoreAsync(builtIn);

        public void Open() => store.Open();

        public void Close() => store.Close();
    }
}
