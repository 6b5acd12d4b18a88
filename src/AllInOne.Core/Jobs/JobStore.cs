using System.Collections.Concurrent;
using AllInOne.Core.Events;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Jobs.Scheduling;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs;

/// <summary>
/// The facade of the background jobs: definitions, runs and queues. Owned by the program, thread-safe. Changes and
/// items are answered after their commit in allinone.db. Then <c>/user/jobs</c> is notified, which does the work. While a part of it restarts,
/// its messages wait, and it reads missed changes from the file. So nothing acknowledged is lost. When the disk fails, a change waits
/// for <see cref="JobsOptions.WriteTimeout"/> and then throws <see cref="UnavailableException"/>; it may still be stored later. While the jobs
/// are restored, or are stopped, everything except reads throws this exception.
/// </summary>
public sealed partial class JobStore
{
    private const int KeptWhileAway = 200_000;

    private const string StillRestoring = "Jobs are still restoring.";

    private readonly Database _database;
    private readonly JobsOptions _options;
    private readonly TimeProvider _clock;
    private readonly JobEvents _events;
    private readonly ConcurrentDictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JobCounters> _counters = new(StringComparer.Ordinal);
    private readonly CommitTimes _lateness = new();
    private readonly JobCounters _all = new(null);
    private readonly RisingNumber _versions = new();
    private Ordered? _ordered;
    private long _changes;
    private long _queuedBytes;
    private volatile string? _away = StillRestoring;
    private volatile bool _isRestored;
    private bool _isBehindTaken;

    internal JobStore(Database database, JobsOptions options, EventLog events, TimeProvider clock)
    {
        (_database, _options, _clock) = (database, options, clock);
        _events = new JobEvents(events);
    }

    /// <summary>The options of the jobs.</summary>
    public JobsOptions Options => _options;

    /// <summary>All jobs by id.</summary>
    /// <exception cref="UnavailableException">The jobs are not restored yet.</exception>
    public IReadOnlyList<Job> Jobs
    {
        get
        {
            if (!IsRestored)
            {
                throw new UnavailableException(StillRestoring);
            }

            // Read the count before the list: so an older list never counts as the newest.
            var changes = Interlocked.Read(ref _changes);
            if (Volatile.Read(ref _ordered) is not { } ordered || ordered.Changes != changes)
            {
                ordered = new Ordered(changes, [.. _jobs.Values.OrderBy(job => job.Id, StringComparer.Ordinal)]);
                Volatile.Write(ref _ordered, ordered);
            }

            return ordered.Jobs;
        }
    }

    /// <summary>The wall-clock time that decides which jobs are due.</summary>
    public DateTimeOffset Now => EventTime.Now(_clock);

    /// <summary>The clock of delays and retries. Setting the wall clock does not change it.</summary>
    internal SteadyClock Steady => _database.Clock;

    /// <summary>The figures of all jobs at about this moment.</summary>
    public JobsFigures Figures
    {
        get
        {
            var (_, p50, p99) = _lateness.Summary();
            return new JobsFigures(_jobs.Count, _all, p50, p99);
        }
    }

    /// <summary>The address of <c>/user/jobs/clock</c>. The actor reads changes that it missed from this store.</summary>
    internal ActorAddress Clock { get; } = new(KeptWhileAway, (_, _) => { });

    /// <summary>The address of <c>/user/jobs/runs</c>. The actor reads changes that it missed from the file.</summary>
    internal ActorAddress Runs { get; } = new(KeptWhileAway, (message, _) =>
    {
        (message as RunsActor.RunNow)?.Asked.TrySetException(new UnavailableException("The actor that runs the jobs is restarting."));
        (message as RunsActor.Cancel)?.Asked.TrySetException(new UnavailableException("The actor that runs the jobs is restarting."));
    });

    /// <summary>All jobs, in no order.</summary>
    internal IEnumerable<Job> All => _jobs.Values;

    internal bool IsRestored => _isRestored;

    /// <summary>Finds a job; null if it does not exist.</summary>
    /// <exception cref="UnavailableException">The jobs are not restored yet.</exception>
    public Job? Find(string id) => _jobs.GetValueOrDefault(id) ?? (IsRestored ? null : throw new UnavailableException(StillRestoring));

    /// <summary>The counters of one job since the start.</summary>
    public JobCounters CountersOf(string id) => _counters.GetOrAdd(id, static (_, all) => new JobCounters(all), _all);

    /// <summary>Creates a job or replaces its definition, with effect from now on. Hidden values (<see cref="JobSecrets"/>) stay as they are.</summary>
    /// <returns>The job, or the reason why it is not stored.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<JobResult> PutAsync(string id, JobDefinition definition, VersionCondition condition, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!JobId.IsValid(id))
        {
            throw new ArgumentException($"'{id}' is no id of a job: {JobId.Rule}", nameof(id));
        }

        ThrowIfAway();
        var there = Find(id);
        if (there is { BuiltIn: true })
        {
            return new JobResult.BuiltIn();
        }

        if (there is null && _jobs.Count >= _options.MaxJobs)
        {
            return new JobResult.TooMany();
        }

        // A schedule that did not change is accepted without a check: it may have no time left meanwhile.
        if (definition.Schedule is JobSchedule.Cron cron && !cron.Equals(there?.Definition.Schedule) && cron.After(Now, Now) is null)
        {
            return new JobResult.Refused(new Dictionary<string, string[]> { ["schedule.cron"] = [$"never comes due: all times of '{cron.Text}' have passed"] });
        }

        return ResultOf(await StoreAsync(new SaveJob(id, definition, condition, builtIn: false, _versions.Next(Now), Now, Saved), cancel).ConfigureAwait(false));
    }

    /// <summary>Deletes a job and its queue. Active runs continue to their end, and the records of runs stay until retention deletes them.</summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<JobResult> DeleteAsync(string id, VersionCondition condition, CancellationToken cancel)
    {
        ThrowIfAway();
        return Find(id) is { BuiltIn: true }
            ? new JobResult.BuiltIn()
            : ResultOf(await StoreAsync(new DeleteJob(id, condition, Deleted), cancel).ConfigureAwait(false));
    }

    /// <summary>Pauses or resumes jobs. After a resume, times of the pause are skipped, and the items of the queue run.</summary>
    /// <returns>The jobs that were changed.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<IReadOnlyList<Job>> PauseAsync(IReadOnlyList<string> ids, bool paused, CancellationToken cancel)
    {
        ThrowIfAway();
        var changed = new List<Job>();
        foreach (var some in ids.Chunk(1000))
        {
            changed.AddRange((await StoreAsync(new PauseJobs(some, paused, Now, Paused), cancel).ConfigureAwait(false)).Changed);
        }

        return changed;
    }

    /// <summary>Runs a job now, even if it is paused. If a run is active, the overlap policy applies.</summary>
    /// <exception cref="UnavailableException">The start was not confirmed in time.</exception>
    public async Task<RunNowResult> RunAsync(string id, CancellationToken cancel)
    {
        ThrowIfAway();
        var asked = new TaskCompletionSource<RunNowResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Runs.Tell(new RunsActor.RunNow(id, asked));
        return await LateAnswer.WaitAsync(asked.Task, _clock, _options.WriteTimeout, cancel).ConfigureAwait(false);
    }

    /// <summary>Cancels a run, and returns before the run has completed. False if the run is not active.</summary>
    /// <exception cref="UnavailableException">There was no answer in time.</exception>
    public async Task<bool> CancelAsync(string id, long run, CancellationToken cancel)
    {
        ThrowIfAway();
        var asked = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Runs.Tell(new RunsActor.Cancel(id, run, asked));
        return await LateAnswer.WaitAsync(asked.Task, _clock, _options.WriteTimeout, cancel).ConfigureAwait(false);
    }

    /// <summary>A page of runs without their outputs, newest first, and the cursor of the next page; null on the last page.</summary>
    /// <exception cref="UnavailableException">Too many queries were active, and the wait took too long.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<(IReadOnlyList<Run> Runs, long? Next)> ListRunsAsync(
        RunQuery query, int limit, CancellationToken cancel, string caller = "")
    {
        var found = await _database.Readers.QueryAsync(session => RunRows.List(session, query, limit + 1), cancel, caller).ConfigureAwait(false);
        found = found.ConvertAll(ToWallClock);
        return found.Count > limit ? (found[..limit], found[limit - 1].Id) : (found, null);
    }

    /// <summary>Finds the record of a run; null if it does not exist.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<Run?> FindRunAsync(string id, long run, CancellationToken cancel) =>
        await _database.Readers.ReadAsync(session => RunRows.Find(session, id, run), cancel).ConfigureAwait(false) is { } found ? ToWallClock(found) : null;

    internal static JobResult ResultOf(JobChange change) => change switch
    {
        { ConditionFailed: true } => new JobResult.ConditionFailed(),
        { Errors: { } errors } => new JobResult.Refused(errors),
        { Job: { } job } => new JobResult.Done(job, change.Created),
        _ => new JobResult.NoJob(),
    };

    // These methods run after each commit, in the order of the commits, also if the caller does not wait any more.
    private void Saved(JobChange change)
    {
        if (change.Job is { } job)
        {
            _jobs[job.Id] = job;
            Publish(job, change.Created ? "created" : "updated");
        }
    }

    private void Deleted(JobChange change)
    {
        if (change.Job is { } job)
        {
            _jobs.TryRemove(job.Id, out _);
            if (_counters.TryRemove(job.Id, out var counters))
            {
                counters.AddDead(-counters.Dead);
            }

            Interlocked.Increment(ref _changes);
            Clock.Tell(new ClockActor.RemoveSchedule(job.Id));
            Runs.Tell(new RunsActor.Deleted(job.Id));
            _events.Publish(job, "deleted");
        }
    }

    private void Paused(PausedJobs paused)
    {
        foreach (var job in paused.Changed)
        {
            _jobs[job.Id] = job;
            Publish(job, job.Paused ? "paused" : "resumed");
        }
    }

    private void Publish(Job job, string change)
    {
        Interlocked.Increment(ref _changes);
        // The order matters: see ClockActor.
        Runs.Tell(new RunsActor.Defined(job));
        Clock.Tell(new ClockActor.SetSchedule(job));
        _events.Publish(job, change);
    }

    private Run ToWallClock(Run run) => run.Retry is { } retry ? run with { Retry = Steady.ToWall(retry) } : run;

    private async Task<T> StoreAsync<T>(AnsweredWrite<T> write, CancellationToken cancel)
        where T : class =>
        (await write.StoreAsync(_database.Writer, _clock, _options.WriteTimeout, _options.WriteTimeout, cancel).ConfigureAwait(false))!;

    /// <summary>All jobs in the order of their ids, after this number of changes.</summary>
    private sealed record Ordered(long Changes, IReadOnlyList<Job> Jobs);

    private void ThrowIfAway()
    {
        if (_away is { } reason)
        {
            throw new UnavailableException(reason);
        }
    }
}
