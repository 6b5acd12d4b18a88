using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs;

/// <summary>The part of the facade that the actors of <c>/user/jobs</c> use: writes to the file, and the counters.</summary>
public sealed partial class JobStore
{
    /// <summary>Restores the definitions from the file. Called once; again only after a failure.</summary>
    internal async Task RestoreAsync(IReadOnlyDictionary<string, Definitions.JobDefinition> builtIn)
    {
        var (jobs, dead) = await Task.Run(() =>
        {
            using var session = _database.File.OpenReader();
            return (JobRows.All(session), QueueRows.DeadCounts(session));
        }).ConfigureAwait(false);
        foreach (var job in jobs)
        {
            _jobs[job.Id] = job;
            _versions.Saw(job.Version);
        }

        foreach (var (job, count) in dead)
        {
            CountersOf(job).AddDead(count);
        }

        Rewind();
        await BuildInAsync(builtIn).ConfigureAwait(false);
        _isRestored = true;
    }

    /// <summary>
    /// Handles a clock that was set back, or that is behind the file at the start: schedules count from now, and times that the clock shows again are due again. A one-time
    /// schedule (<see cref="Definitions.JobSchedule.At"/>) does not change: if it has run, it does not run again.
    /// </summary>
    internal void Rewind()
    {
        RewindAnchors();
        Write(new RewindJobs(Now, () =>
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
        var now = Now;
        var changed = new List<Job>();
        foreach (var job in _jobs.Values.Where(job => job.Anchor - now >= SteadyClock.Tolerance && job.Definition.Schedule is not Definitions.JobSchedule.At))
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

    /// <summary>The least amount by which the clock was set back during the downtime; null if it was not. Only the first call returns it.</summary>
    internal TimeSpan? TakeBehind()
    {
        var behind = _isBehindTaken ? TimeSpan.Zero : _database.Behind;
        _isBehindTaken = true;
        return behind > TimeSpan.Zero ? behind : null;
    }

    internal void Open() => _away = null;

    internal void Close() => _away = "Jobs are stopped.";

    internal void Write(WriteOperation operation) => _database.Writer.Queue.Enqueue(operation);

    /// <summary>Queues a write beyond the bound of the queue. Only for the start and the end of a run, which must be stored; the number of runs limits them.</summary>
    internal void WriteBeyond(WriteOperation operation) => _database.Writer.Queue.EnqueueBeyond(operation);

    internal void NotifyDue(string job) => Runs.Tell(new RunsActor.Due(job));

    /// <summary>
    /// Sets the problem of a job whose schedule has failed. The job does not run until it is put again or the server restarts; other jobs continue. If the job has
    /// changed meanwhile, nothing happens.
    /// </summary>
    internal void Fail(Job job, Definitions.ScheduleException fault)
    {
        var failed = job with { Problem = Excerpt.Of(fault.Message, Excerpt.Message) };
        if (_jobs.TryUpdate(job.Id, failed, job))
        {
            Publish(failed, "updated");
        }
    }

    internal void ClockStarted() => Runs.Tell(RunsActor.CheckAllJobs.Instance);

    /// <summary>Sets the counters from the items in the file at this commit. Later items are counted afterwards.</summary>
    internal void RestoreQueue(IReadOnlyList<QueueItem> items)
    {
        _all.Reset();
        foreach (var counters in _counters.Values)
        {
            counters.Reset();
        }

        Interlocked.Exchange(ref _queuedBytes, 0);
        foreach (var item in items)
        {
            Queued(item);
        }
    }

    /// <summary>Counts an item that was removed from the queue.</summary>
    /// <param name="state">The state of its job; null if the job was deleted.</param>
    internal void ItemRemoved(JobState? state, QueueItem item) => ItemRemoved(state, 1, item.Parameters.Length);

    internal void ItemRemoved(JobState? state, int count, long bytes)
    {
        (state?.Counters ?? _all).AddQueued(-count);
        Interlocked.Add(ref _queuedBytes, -bytes);
    }

    internal void RunStarted(JobState state, Run run, DateTimeOffset now)
    {
        state.Counters.AddRunning(1);
        if (run is { Cause: RunCause.Schedule, PlannedFor: { } planned })
        {
            _lateness.Add(0, now > planned ? now - planned : TimeSpan.Zero);
        }

        if (run.Item is null)
        {
            _events.Publish(run, "started");
        }
    }

    /// <param name="item">The item of the run; null if there is none.</param>
    /// <param name="kept">The item after the run; null if it has left the queue.</param>
    internal void RunEnded(JobState state, Run run, QueueItem? item, QueueItem? kept)
    {
        state.Counters.RunEnded(run);
        if (item is not null && kept is null or { IsDead: true })
        {
            ItemRemoved(state, item!);
        }

        if (kept is { IsDead: true })
        {
            state.Counters.AddDead(1);
            DiscardBeyond(run.Job, state.Counters);
        }

        // Items may run thousands of times a second, so only a dead item has an event.
        if (item is null || kept is { IsDead: true })
        {
            _events.Publish(ToWallClock(run), "ended");
        }
    }

    private async Task BuildInAsync(IReadOnlyDictionary<string, Definitions.JobDefinition> builtIn)
    {
        foreach (var (id, definition) in builtIn)
        {
            if (_jobs.GetValueOrDefault(id) is not { BuiltIn: true } there
                || !Definitions.JobDefinitionJson.ToUtf8(there.Definition).AsSpan().SequenceEqual(Definitions.JobDefinitionJson.ToUtf8(definition)))
            {
                await AtAnyTimeAsync(new SaveJob(id, definition, VersionCondition.None, builtIn: true, _versions.Next(Now), Now, Saved)).ConfigureAwait(false);
            }
        }

        foreach (var gone in _jobs.Values.Where(job => job.BuiltIn && !builtIn.ContainsKey(job.Id)).ToList())
        {
            await AtAnyTimeAsync(new DeleteJob(gone.Id, VersionCondition.None, Deleted)).ConfigureAwait(false);
        }

        // No timeout: if the disk is full at the start, this waits like all other writes.
        Task<JobChange?> AtAnyTimeAsync(AnsweredWrite<JobChange> write) => write.StoreAsync(
            _database.Writer, _clock, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, CancellationToken.None);
    }
}
