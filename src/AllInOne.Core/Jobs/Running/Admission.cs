using Akka.Actor;
using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Scheduling;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// Decides which run starts when: due times, overlap policies, retries, delays, the order of the queues, and the places among all runs. Each method
/// takes one event and returns the decisions, in the order in which they must be carried out. It has no clock, no actors and no files: a caller
/// passes the time. <c>now</c> is the wall-clock time, by which schedules run; <c>steady</c> is the time on the steady clock, by which retries and
/// delays run.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="all">The counters of all jobs.</param>
internal sealed class Admission(JobsOptions options, JobCounters all)
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<JobId, JobState> _states = [];
    private readonly RunPlaces _places = new(options);
    private readonly PostponedWork _postponed = new();
    private List<AdmissionDecision> _decisions = [];

    /// <summary>The time on the steady clock at which <see cref="Elapse"/> has work; null if there is none.</summary>
    public DateTimeOffset? NextDue => _postponed.Next;

    /// <summary>The callers whose runs wait for a place.</summary>
    public IEnumerable<IActorRef> Callers => _places.Callers;

    /// <summary>The state of a job; null if the job does not exist.</summary>
    public JobState? Find(JobId job) => _states.GetValueOrDefault(job);

    /// <summary>Whether one more run of the job may wait for its retry.</summary>
    public bool MayRetry(JobState? state) => state?.Retries < options.MaxWaiting;

    /// <summary>Restores a job from the file, at a start.</summary>
    public void Restore(Job job, DateTimeOffset checkedUpTo, JobCounters counters) => _states[job.Id] = new JobState(job, checkedUpTo, counters);

    /// <summary>Restores requested runs: this many of them were waiting at the last stop.</summary>
    public IReadOnlyList<AdmissionDecision> RestoreRequests(JobId job, int count)
    {
        for (var n = 0; n < count && Find(job) is { } state; n++)
        {
            Request(PendingRun.Requested(state) with { IsStored = true });
        }

        return Decide();
    }

    /// <summary>The job is new or has changed.</summary>
    public IReadOnlyList<AdmissionDecision> Define(Job job, JobCounters counters, DateTimeOffset now)
    {
        if (Find(job.Id) is { } state)
        {
            state.Redefine(job, now);
        }
        else
        {
            _states[job.Id] = state = new JobState(job, job.Updated, counters);
        }

        if (job.IsActive)
        {
            foreach (var retry in state.HeldRetries)
            {
                StartRetry(retry);
            }

            state.HeldRetries.Clear();
        }

        AdmitItems(state);
        return Decide();
    }

    /// <summary>The job was deleted. Its active runs continue.</summary>
    public void Delete(JobId job)
    {
        if (_states.Remove(job, out var state))
        {
            state.Job = null;
            _postponed.Drop(state);
            state.Clear();
        }
    }

    /// <summary>The wall clock was set: times that it shows again are due again, except the time of a one-time schedule.</summary>
    public void Rewind(Func<JobId, Job?> find, DateTimeOffset now)
    {
        foreach (var (id, state) in _states)
        {
            state.Rewind(find(id), now);
        }
    }

    /// <summary>Times of the job may be due.</summary>
    public IReadOnlyList<AdmissionDecision> CheckTimes(JobId job, DateTimeOffset now)
    {
        if (Find(job) is { } state)
        {
            CheckTimes(state, now);
        }

        return Decide();
    }

    /// <summary>Times of any job may be due.</summary>
    public IReadOnlyList<AdmissionDecision> CheckAllTimes(DateTimeOffset now)
    {
        foreach (var state in _states.Values)
        {
            CheckTimes(state, now);
        }

        return Decide();
    }

    /// <summary>A caller requests a run, independent of the schedule.</summary>
    public IReadOnlyList<AdmissionDecision> RequestRun(JobId job, IActorRef caller)
    {
        if (Find(job) is { } state)
        {
            Request(PendingRun.Requested(state) with { Caller = caller });
        }
        else
        {
            _decisions.Add(new AdmissionDecision.Answer(caller, new RunNowResult.NoJob()));
        }

        return Decide();
    }

    /// <summary>The request of a waiting run is stored. Or it is not stored, because the job was deleted or the write was refused.</summary>
    public IReadOnlyList<AdmissionDecision> CompleteRequest(PendingRun run, bool isStored)
    {
        run.State.PendingRequests--;
        if (isStored && run.State.Job is not null)
        {
            Request(run with { Caller = null, IsStored = true });
        }

        return Decide();
    }

    /// <summary>Items are stored in the queues.</summary>
    public IReadOnlyList<AdmissionDecision> Enqueue(IEnumerable<QueueItem> items, DateTimeOffset steady)
    {
        foreach (var item in items)
        {
            if (Find(item.Job) is not { } state)
            {
                all.Dequeue(item);
            }
            else if (item.Due > steady)
            {
                _postponed.Add(state, item);
            }
            else
            {
                state.Ready.Enqueue(item);
                AdmitItems(state);
            }
        }

        return Decide();
    }

    /// <summary>The run has ended: its retry, or the next attempt of its item, comes later.</summary>
    public void Postpone(JobState state, RunEnd end)
    {
        if (end.Item is { IsDead: false } item)
        {
            _postponed.Add(state, item);
        }
        else if (end.Record.Retry is not null)
        {
            _postponed.AddRetry(state, end.Record);
        }
    }

    /// <summary>Restores a failed run that waits for its retry, at a start.</summary>
    public void RestoreRetry(Run failed)
    {
        if (Find(failed.Job) is { } state)
        {
            _postponed.AddRetry(state, failed);
        }
    }

    /// <summary>Retries and items may be due.</summary>
    public IReadOnlyList<AdmissionDecision> Elapse(DateTimeOffset steady)
    {
        while (_postponed.TryTake(steady, out var next))
        {
            if (next.Item is { } item)
            {
                next.State.Ready.Enqueue(item);
                AdmitItems(next.State);
            }
            else if (next.Run!.HasPlace)
            {
                _places.Wait(next.Run);
            }
            else if (next.State.Job!.IsActive)
            {
                StartRetry(next.Run);
            }
            else
            {
                next.State.HeldRetries.Add(next.Run);
            }
        }

        return Decide();
    }

    /// <summary>The record of the run is stored: its due time is handled.</summary>
    public IReadOnlyList<AdmissionDecision> ConfirmStart(PendingRun run)
    {
        if (run.HandledUpTo is not null)
        {
            run.State.PendingTimes--;
            SkipTimes(run.State, null);
        }

        return Decide();
    }

    /// <summary>
    /// The record of the run is not stored. A run with a caller is refused; any other run must run, so it keeps its place and starts a little later.
    /// </summary>
    public IReadOnlyList<AdmissionDecision> RefuseStart(PendingRun run, DateTimeOffset steady)
    {
        if (run.Caller is not null)
        {
            return Complete(run);
        }

        _places.ReleaseGlobal();
        _postponed.AddRefused(steady + RefusedPause, run);
        return Decide();
    }

    /// <summary>The run has completed: its place is free.</summary>
    public IReadOnlyList<AdmissionDecision> Complete(PendingRun run)
    {
        _places.ReleaseGlobal();
        ReleasePlace(run);
        return Decide();
    }

    private void CheckTimes(JobState state, DateTimeOffset now)
    {
        DueTimes? due;
        try
        {
            due = state.TakeDue(now, options);
        }
        catch (ScheduleException fault)
        {
            _decisions.Add(new AdmissionDecision.Fail(state.Job!, fault));
            return;
        }

        if (due is null)
        {
            return;
        }

        if (due.Dropped)
        {
            _decisions.Add(new AdmissionDecision.WarnOfDroppedTimes(state.Job!.Id, due.Runs.Count));
        }

        if (due.Runs.Count == 0)
        {
            SkipTimes(state, due.CheckedUpTo);
        }

        for (var n = 0; n < due.Runs.Count; n++)
        {
            var (time, cause) = due.Runs[n];
            Request(PendingRun.At(state, time, cause, n == due.Runs.Count - 1 ? due.CheckedUpTo : time));
        }
    }

    private void StartRetry(PendingRun retry)
    {
        retry.State.Retries--;
        Request(retry);
    }

    /// <summary>Applies the overlap policy: the run is admitted now, waits for the active run, or is skipped.</summary>
    private void Request(PendingRun run)
    {
        var state = run.State;
        // These runs must not be skipped: they run one after another, unless the policy allows overlap.
        var isInOrder = run.IsStored || run.Cause is RunCause.CatchUp or RunCause.Retry;
        state.PendingTimes += run.HandledUpTo is null ? 0 : 1;
        if (state.MayAdmit(_places.Share))
        {
            Admit(run);
        }
        else if (!run.IsStored && ((!isInOrder && state.Overlap == OverlapPolicy.Skip) || state.Waiting.Count + state.PendingRequests >= options.MaxWaiting))
        {
            Skip(run);
        }
        else if (run.Caller is not null)
        {
            state.PendingRequests++;
            _decisions.Add(new AdmissionDecision.StoreRequest(run));
        }
        else
        {
            state.Waiting.Enqueue(run);
            state.Counters.AddWaiting(1);
        }
    }

    private void Skip(PendingRun run)
    {
        run.State.Counters.Skip();
        if (run.Caller is { } caller)
        {
            _decisions.Add(new AdmissionDecision.Answer(caller, new RunNowResult.Overlaps()));
        }

        if (run.HandledUpTo is { } time)
        {
            run.State.PendingTimes--;
            SkipTimes(run.State, time);
        }
    }

    /// <summary>
    /// Decides to store that times up to this one are skipped. It waits until all runs for earlier times have started: if the process dies before,
    /// those times must still be due.
    /// </summary>
    private void SkipTimes(JobState state, DateTimeOffset? time)
    {
        state.SkippedUpTo = time > state.SkippedUpTo || state.SkippedUpTo is null ? time : state.SkippedUpTo;
        if (state is { PendingTimes: 0, SkippedUpTo: { } last, Job: { } job })
        {
            state.SkippedUpTo = null;
            _decisions.Add(new AdmissionDecision.SkipTimes(job.Id, last));
        }
    }

    private void AdmitItems(JobState state)
    {
        while (state.HasReadyItem(_places.Share))
        {
            Admit(PendingRun.Of(state, state.Ready.Dequeue()));
        }
    }

    private void Admit(PendingRun run)
    {
        if (_places.IsFull && run is { Item: null, IsStored: false })
        {
            _decisions.Add(new AdmissionDecision.WarnOfFullQueue(run.State.Job?.Id));
            Skip(run);
            return;
        }

        _places.Take(run);
    }

    private void ReleasePlace(PendingRun run)
    {
        _places.Release(run);
        AdmitItems(run.State);
    }

    /// <summary>Gives the free places among all runs to the waiting runs, and returns all decisions since the last call.</summary>
    private List<AdmissionDecision> Decide()
    {
        while (_places.TryNext(out var run))
        {
            if (run.State.Job is not null)
            {
                _decisions.Add(new AdmissionDecision.Start(run));
                continue;
            }

            if (run.Item is { } item)
            {
                run.State.Counters.Dequeue(item);
            }

            if (run.Caller is { } caller)
            {
                _decisions.Add(new AdmissionDecision.Answer(caller, new RunNowResult.NoJob()));
            }

            _places.ReleaseGlobal();
            ReleasePlace(run);
        }

        var decided = _decisions;
        _decisions = [];
        return decided;
    }
}
