using System.Collections.Concurrent;
using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Jobs.Scheduling;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>
/// The definitions of all jobs: in memory, and in allinone.db. Part of <see cref="JobStore"/>, thread-safe. A change is applied to the memory after
/// its commit, in the order of the commits; then the actors are notified.
/// </summary>
public sealed class JobDefinitions
{
    /// <summary>The number of jobs that one transaction pauses.</summary>
    private const int PausedAtOnce = 1000;

    private readonly JobFile _file;
    private readonly JobAddresses _addresses;
    private readonly JobCounterTable _counters;
    private readonly JobEvents _events;
    private readonly JobsOptions _options;
    private readonly ConcurrentDictionary<JobId, Job> _jobs = new();
    private readonly RisingNumber _versions = new();
    private Ordered? _ordered;
    private long _changes;
    private volatile bool _isRestored;

    internal JobDefinitions(JobFile file, JobAddresses addresses, JobCounterTable counters, JobEvents events, JobsOptions options) =>
        (_file, _addresses, _counters, _events, _options) = (file, addresses, counters, events, options);

    /// <summary>The number of jobs.</summary>
    public int Count => _jobs.Count;

    /// <summary>All jobs by id.</summary>
    /// <exception cref="UnavailableException">The jobs are not restored yet.</exception>
    public IReadOnlyList<Job> All
    {
        get
        {
            if (!IsRestored)
            {
                throw new UnavailableException(JobFile.StillRestoring);
            }

            // Read the count before the list, so that an older list never counts as the newest.
            var changes = Interlocked.Read(ref _changes);
            if (Volatile.Read(ref _ordered) is not { } ordered || ordered.Changes != changes)
            {
                ordered = new Ordered(changes, [.. _jobs.Values.OrderBy(job => job.Id)]);
                Volatile.Write(ref _ordered, ordered);
            }

            return ordered.Jobs;
        }
    }

    /// <summary>All jobs, in no order.</summary>
    internal IEnumerable<Job> Unordered => _jobs.Values;

    internal bool IsRestored => _isRestored;

    /// <summary>Finds a job; null if it does not exist.</summary>
    /// <exception cref="UnavailableException">The jobs are not restored yet.</exception>
    public Job? Find(JobId id) => _jobs.GetValueOrDefault(id) ?? (IsRestored ? null : throw new UnavailableException(JobFile.StillRestoring));

    /// <summary>Creates a job or replaces its definition, with effect from now on. Hidden values (<see cref="JobSecrets"/>) stay as they are.</summary>
    /// <returns>The job, or the reason why it is not stored.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<JobResult> PutAsync(JobId id, JobDefinition definition, VersionCondition condition, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _file.ThrowIfAway();
        var previous = Find(id);
        if (previous is { BuiltIn: true })
        {
            return new JobResult.BuiltIn();
        }

        if (previous is null && _jobs.Count >= _options.MaxJobs)
        {
            return new JobResult.TooMany();
        }

        // A schedule that did not change is accepted without a check, because its last time may have passed.
        if (definition.Schedule is JobSchedule.Cron cron && !cron.Equals(previous?.Definition.Schedule) && cron.After(_file.Now, _file.Now) is null)
        {
            return new JobResult.Refused(new Dictionary<string, string[]> { ["schedule.cron"] = [$"never comes due: all times of '{cron.Text}' have passed"] });
        }

        return ResultOf(await _file.StoreAsync(SaveOf(id, definition, condition, builtIn: false), cancel).ConfigureAwait(false));
    }

    /// <summary>Deletes a job and its queue. Active runs continue to their end, and the records of runs stay until retention deletes them.</summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<JobResult> DeleteAsync(JobId id, VersionCondition condition, CancellationToken cancel)
    {
        _file.ThrowIfAway();
        return Find(id) is { BuiltIn: true }
            ? new JobResult.BuiltIn()
            : ResultOf(await _file.StoreAsync(new DeleteJob(id, condition, OnDeleted), cancel).ConfigureAwait(false));
    }

    /// <summary>Pauses or resumes jobs. After a resume, times of the pause are skipped, and the items of the queue run.</summary>
    /// <returns>The jobs that were changed.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<IReadOnlyList<Job>> PauseAsync(IReadOnlyList<JobId> ids, bool paused, CancellationToken cancel)
    {
        _file.ThrowIfAway();
        var changed = new List<Job>();
        foreach (var some in ids.Chunk(PausedAtOnce))
        {
            changed.AddRange((await _file.StoreAsync(new PauseJobs(some, paused, _file.Now, OnPaused), cancel).ConfigureAwait(false)).Changed);
        }

        return changed;
    }

    /// <summary>Restores the definitions from the file. Called once; again only after a failure.</summary>
    internal async Task RestoreAsync(IReadOnlyDictionary<JobId, JobDefinition> builtIn)
    {
        var (jobs, dead) = await _file.ReadAtStartAsync(session => (JobRows.All(session), QueueRows.DeadCounts(session))).ConfigureAwait(false);
        foreach (var job in jobs)
        {
            _jobs[job.Id] = job;
            _versions.Saw(job.Version);
        }

        foreach (var (job, count) in dead)
        {
            _counters.Of(job).AddDead(count);
        }

        Rewind();
        await BuildInAsync(builtIn).ConfigureAwait(false);
        _isRestored = true;
    }

    /// <summary>
    /// Handles a clock that was set back, or that is behind the file at the start: schedules count from now, and times that the clock shows again are
    /// due again. A one-time schedule (<see cref="JobSchedule.At"/>) does not change: if it has run, it does not run again.
    /// </summary>
    internal void Rewind()
    {
        RewindAnchors();
        _file.Write(new RewindJobs(_file.Now, () =>
        {
            // A definition may be committed before this write but reach memory only after the call above.
            foreach (var job in RewindAnchors())
            {
                Publish(job, "updated");
            }
        }));
    }

    /// <summary>The same, but only in memory.</summary>
    /// <returns>The jobs that it has changed.</returns>
    internal IReadOnlyList<Job> RewindAnchors()
    {
        var now = _file.Now;
        var changed = new List<Job>();
        foreach (var job in _jobs.Values.Where(job => job.Anchor - now >= SteadyClock.Tolerance && job.Definition.Schedule is not JobSchedule.At))
        {
            var rewound = job with { Anchor = now };
            if (_jobs.TryUpdate(job.Id, rewound, job))
            {
                changed.Add(rewound);
            }
        }

        Interlocked.Increment(ref _changes);
        return changed;
    }

    /// <summary>
    /// Sets the problem of a job whose schedule has failed. The job does not run until it is put again or the server restarts; other jobs continue.
    /// If the job has changed meanwhile, nothing happens.
    /// </summary>
    internal void Fail(Job job, ScheduleException fault)
    {
        var failed = job with { Problem = Excerpt.Of(fault.Message, Excerpt.Message) };
        if (_jobs.TryUpdate(job.Id, failed, job))
        {
            Publish(failed, "updated");
        }
    }

    private static JobResult ResultOf(JobChange change) => change switch
    {
        { ConditionFailed: true } => new JobResult.ConditionFailed(),
        { Errors: { } errors } => new JobResult.Refused(errors),
        { Job: { } job } => new JobResult.Done(job, change.Created),
        _ => new JobResult.NoJob(),
    };

    private SaveJob SaveOf(JobId id, JobDefinition definition, VersionCondition condition, bool builtIn) =>
        new(id, definition, condition, builtIn, _versions.Next(_file.Now), _file.Now, OnSaved);

    private async Task BuildInAsync(IReadOnlyDictionary<JobId, JobDefinition> builtIn)
    {
        foreach (var (id, definition) in builtIn)
        {
            if (_jobs.GetValueOrDefault(id) is not { BuiltIn: true } stored
                || !JobDefinitionJson.ToUtf8(stored.Definition).AsSpan().SequenceEqual(JobDefinitionJson.ToUtf8(definition)))
            {
                await _file.StoreAtStartAsync(SaveOf(id, definition, VersionCondition.None, builtIn: true)).ConfigureAwait(false);
            }
        }

        foreach (var gone in _jobs.Values.Where(job => job.BuiltIn && !builtIn.ContainsKey(job.Id)).ToList())
        {
            await _file.StoreAtStartAsync(new DeleteJob(gone.Id, VersionCondition.None, OnDeleted)).ConfigureAwait(false);
        }
    }

    // These methods run after each commit, in the order of the commits, even if the caller does not wait any more.
    private void OnSaved(JobChange change)
    {
        if (change.Job is { } job)
        {
            _jobs[job.Id] = job;
            Publish(job, change.Created ? "created" : "updated");
        }
    }

    private void OnDeleted(JobChange change)
    {
        if (change.Job is { } job)
        {
            _jobs.TryRemove(job.Id, out _);
            _counters.Remove(job.Id);
            Interlocked.Increment(ref _changes);
            _addresses.Clock.Tell(new ClockActor.RemoveSchedule(job.Id));
            _addresses.Runs.Tell(new RunsActor.Deleted(job.Id));
            _events.Publish(job, "deleted");
        }
    }

    private void OnPaused(PausedJobs paused)
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
        _addresses.Runs.Tell(new RunsActor.Defined(job));
        _addresses.Clock.Tell(new ClockActor.SetSchedule(job));
        _events.Publish(job, change);
    }

    /// <summary>All jobs in the order of their ids, after this number of changes.</summary>
    private sealed record Ordered(long Changes, IReadOnlyList<Job> Jobs);
}
