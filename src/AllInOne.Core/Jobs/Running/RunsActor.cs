using Akka.Actor;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Scheduling;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// <c>/user/jobs/runs</c>: decides which run starts when, and is the parent of all active runs. A run starts after its record is committed. The same transaction stores
/// that its due time is handled. So no time is lost, and a run that a crash interrupts has a record. At its start, this actor reads its whole state
/// from the file, behind the pending writes. A run without an end is then lost, because its actor
/// was a child of the previous incarnation. Messages that arrive meanwhile are stashed.
/// </summary>
internal sealed partial class RunsActor : ReceiveActor, IWithUnboundedStash
{
    private readonly JobStore _store;
    private readonly JobsOptions _options;
    private readonly Func<RunTask, CancellationToken, Task<RunResult>> _act;
    private readonly TimeProvider _clock;
    private readonly Random _chance = new();
    private readonly ILogger _log;
    private readonly Dictionary<string, JobState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, ActiveRun> _children = [];
    private readonly Dictionary<long, IActorRef> _byRun = [];
    private readonly Queue<PendingRun> _pending = new();
    private readonly RisingNumber _ids = new();
    private readonly object _reading = new();
    private int _activeRuns;

    public RunsActor(
        JobStore store, JobsOptions options, Func<RunTask, CancellationToken, Task<RunResult>> act, TimeProvider clock, ILogger log)
    {
        (_store, _options, _act, _clock, _log) = (store, options, act, clock, log);
        Receive<Recovered>(recovered =>
        {
            // An answer to a previous incarnation is stale: ignore it.
            if (recovered.Reading == _reading)
            {
                OnRecovered(recovered);
            }
        });
        // The writer works in order, so the answer already contains the changes that these messages report.
        Receive<Queued>(_ => { });
        Receive<RecordStored>(_ => { });
        Receive<RequestStored>(_ => { });
        Receive<Due>(_ => { });
        ReceiveAny(_ => Stash.Stash());
    }

    /// <summary>A time of this job is due.</summary>
    public sealed record Due(string Job);

    /// <summary>The clock actor has started again: check the due times of all jobs.</summary>
    public sealed record CheckAllJobs
    {
        public static CheckAllJobs Instance { get; } = new();
    }

    /// <summary>The job is new or has changed.</summary>
    public sealed record Defined(Job Job);

    /// <summary>The job was deleted.</summary>
    public sealed record Deleted(string Job);

    /// <summary>The wall clock was set, forward or back.</summary>
    public sealed record ClockSet
    {
        public static ClockSet Instance { get; } = new();
    }

    /// <summary>Start a run of this job now, independent of its schedule.</summary>
    public sealed record RunNow(string Job, TaskCompletionSource<RunNowResult> Asked);

    /// <summary>Cancel this run.</summary>
    public sealed record Cancel(string Job, long Run, TaskCompletionSource<bool> Asked);

    /// <summary>These items are committed and wait in the queues.</summary>
    public sealed record Queued(IReadOnlyList<QueueItem> Items);

    private sealed record Recovered(object Reading, Unfinished? Found, string? Refused);

    private sealed record RecordStored(Run Run, PendingRun Pending, string? Refused);

    private sealed record RequestStored(PendingRun Pending, bool IsThere);

    private sealed record ActiveRun(Run Run, PendingRun Pending);

    public IStash Stash { get; set; } = null!;

    /// <summary>The maximum number of runs of one job, so that a job that hangs leaves places for the others.</summary>
    private int Share => Math.Max(1, _options.MaxConcurrent * 3 / 4);

    /// <summary>Stops a run whose actor fails: it cannot be started again.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        _store.Runs.Attach(Self);
        var (self, store, reading) = (Self, _store, _reading);
        _store.Write(new ReadUnfinished((found, refused) =>
        {
            // This is called between two commits, so items of later commits are counted after it.
            if (found is not null)
            {
                store.RestoreQueue(found.Items);
            }

            self.Tell(new Recovered(reading, found, refused), ActorRefs.NoSender);
        }));
    }

    protected override void PostStop()
    {
        _store.Runs.Detach();
        _alarm?.Dispose();
        foreach (var pending in _pending)
        {
            pending.Asked?.TrySetException(new UnavailableException("The jobs were stopped before the run started."));
        }
    }

    private void Working()
    {
        Receive<Due>(due => CheckDueTimes(due.Job));
        Receive<RecordStored>(OnRecordStored);
        Receive<RequestStored>(OnRequestStored);
        Receive<RunActor.Completed>(ended => OnEnded(Sender, ended.Result));
        Receive<Terminated>(died => OnEnded(died.ActorRef, new RunResult(RunOutcome.Cancelled, "Its actor was stopped.")));
        Receive<Queued>(OnQueued);
        Receive<Alarm>(_ => OnAlarm());
        Receive<Defined>(defined => OnDefined(defined.Job));
        Receive<Deleted>(deleted => OnDeleted(deleted.Job));
        Receive<ClockSet>(_ => OnClockSet());
        Receive<RunNow>(OnRunNow);
        Receive<Cancel>(OnCancel);
        Receive<CheckAllJobs>(_ => OnCheckAllJobs());
    }

    private void OnDefined(Job job)
    {
        if (!_states.TryGetValue(job.Id, out var state))
        {
            _states[job.Id] = state = new JobState(job, job.Updated, _store.CountersOf(job.Id));
        }
        else if (state.Job is not { } before || !before.IsActive || before.Anchor != job.Anchor)
        {
            // The schedule is new, or the job was not active: earlier times are not missed. Times after the change are due.
            var now = _clock.GetUtcNow();
            state.CheckedUpTo = job.Updated != state.Job?.Updated && job.Updated < now ? job.Updated : now;
        }

        state.Job = job;
        if (job.Problem is { } problem)
        {
            LogProblem(job.Id, problem);
        }

        if (job.IsActive)
        {
            foreach (var retry in state.HeldRetries)
            {
                RunRetry(retry);
            }

            state.HeldRetries.Clear();
        }

        PumpItems(state);
        Pump();
    }

    private void OnDeleted(string id)
    {
        if (_states.Remove(id, out var state))
        {
            state.Job = null;
            state.Counters.AddWaiting(-state.Waiting.Count);
            state.Waiting.Clear();
            while (state.Ready.TryDequeue(out var item))
            {
                _store.ItemRemoved(state, item);
            }

            DropPostponed(state);
        }
    }

    private void OnClockSet()
    {
        // After the records of started runs, which have marked later times as handled.
        _store.Rewind();
        var latest = _store.Now + SteadyClock.Tolerance;
        foreach (var (id, state) in _states)
        {
            state.Job = _store.Find(id) ?? state.Job;
            if (state.CheckedUpTo >= latest && state.Job?.Definition.Schedule is not JobSchedule.At)
            {
                state.CheckedUpTo = _store.Now;
            }
        }
    }

    private void OnCheckAllJobs()
    {
        foreach (var id in _states.Keys.ToList())
        {
            CheckDueTimes(id);
        }
    }

    private void CheckDueTimes(string id)
    {
        var now = _clock.GetUtcNow();
        // The usual case: nothing is due.
        if (!_states.TryGetValue(id, out var state) || DueOf(state, now) is not { CheckedUpTo: { } checkedUpTo } due)
        {
            return;
        }

        state.CheckedUpTo = checkedUpTo;
        if (due.Dropped)
        {
            LogDropped(id, due.Runs.Count);
        }

        if (due.Runs.Count == 0)
        {
            StoreSkipped(state, checkedUpTo);
        }

        for (var n = 0; n < due.Runs.Count; n++)
        {
            var (time, cause) = due.Runs[n];
            Request(new PendingRun(state, cause, time, n == due.Runs.Count - 1 ? checkedUpTo : time, 1, 0, null));
        }

        Pump();
    }

    /// <summary>The due times of a job; null if no time is due, or if the schedule has failed.</summary>
    private DueTimes? DueOf(JobState state, DateTimeOffset now)
    {
        try
        {
            return state.IsDue(now) && state.Job is { Definition: { Schedule: { } schedule } definition } job
                ? DueTimes.Of(schedule, job.Anchor, state.CheckedUpTo, now, definition.Misfire, _options.MisfireThreshold, _options.MaxWaiting)
                : null;
        }
        catch (ScheduleException fault)
        {
            _store.Fail(state.Job!, fault);
            return null;
        }
    }

    private void OnRunNow(RunNow message)
    {
        if (!_states.TryGetValue(message.Job, out var state))
        {
            message.Asked.TrySetResult(new RunNowResult.NoJob());
            return;
        }

        Request(new PendingRun(state, RunCause.Manual, null, null, 1, 0, null, message.Asked));
        Pump();
    }

    private void OnCancel(Cancel message)
    {
        var isThere = _byRun.TryGetValue(message.Run, out var child) && _children[child].Run.Job == message.Job;
        if (isThere)
        {
            child!.Tell(RunActor.Cancel.Instance);
        }

        message.Asked.TrySetResult(isThere);
    }

    /// <summary>Applies the overlap policy: the run is admitted now, waits for the active run, or is skipped.</summary>
    private void Request(PendingRun run)
    {
        var state = run.State;
        // These runs must not be skipped: they run one after another, unless the policy allows overlap.
        var isInOrder = run.IsStored || run.Cause is RunCause.CatchUp or RunCause.Retry;
        state.PendingTimes += run.HandledUpTo is null ? 0 : 1;
        if (state.MayAdmit(Share))
        {
            Admit(run);
        }
        else if (!run.IsStored && ((!isInOrder && state.Overlap == OverlapPolicy.Skip) || state.Waiting.Count + state.PendingRequests >= _options.MaxWaiting))
        {
            Skip(run);
        }
        else if (run.Asked is { } asked)
        {
            StoreRequest(run, asked);
        }
        else
        {
            state.Waiting.Enqueue(run);
            state.Counters.AddWaiting(1);
        }
    }

    /// <summary>Stores that a requested run waits. After the commit the caller is answered, and the run waits.</summary>
    private void StoreRequest(PendingRun run, TaskCompletionSource<RunNowResult> asked)
    {
        run.State.PendingRequests++;
        var self = Self;
        _store.Write(new StoreRunRequest(run.State.Job!.Id, (isThere, refused) =>
        {
            _ = refused is not null ? asked.TrySetException(new UnavailableException(refused))
                : asked.TrySetResult(isThere ? new RunNowResult.Waits() : new RunNowResult.NoJob());
            self.Tell(new RequestStored(run, isThere), ActorRefs.NoSender);
        }));
    }

    private void OnRequestStored(RequestStored stored)
    {
        var state = stored.Pending.State;
        state.PendingRequests--;
        if (stored.IsThere && state.Job is not null)
        {
            Request(stored.Pending with { Asked = null, IsStored = true });
            Pump();
        }
    }

    private void Skip(PendingRun run)
    {
        run.State.Counters.Skip();
        run.Asked?.TrySetResult(new RunNowResult.Overlaps());
        if (run.HandledUpTo is { } time)
        {
            run.State.PendingTimes--;
            StoreSkipped(run.State, time);
        }
    }

    /// <summary>
    /// Stores that times up to this one are skipped. It waits until all runs for earlier times have started: if the process dies before, those times must
    /// still be due.
    /// </summary>
    private void StoreSkipped(JobState state, DateTimeOffset? time)
    {
        state.SkippedUpTo = time > state.SkippedUpTo || state.SkippedUpTo is null ? time : state.SkippedUpTo;
        if (state is { PendingTimes: 0, SkippedUpTo: { } last, Job: { } job })
        {
            state.SkippedUpTo = null;
            _store.Write(new SkipTimes(job.Id, last));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} has missed more times than may wait; only the last {Count} will run")]
    private partial void LogDropped(string job, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Too many runs wait for a place: one of {Job} is skipped (Jobs:MaxPending)")]
    private partial void LogTooMany(string? job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of {Job} cannot start: {Reason}")]
    private partial void LogNotBegun(string job, string reason);
}
