using Akka.Actor;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Scheduling;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// <c>/user/jobs/runs</c>: decides which run begins when, and is the parent of all that go on. A run begins once its record is committed, and with
/// the record goes the note that its time is done with; so a time is never forgotten, and what a crash cuts off is known. All that this actor
/// knows it reads back at its start, behind the writes under way: there, and at each restart of its own, a run without an end is lost, for
/// whoever did it is gone with its parent. What comes meanwhile waits.
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
    private readonly Dictionary<IActorRef, Underway> _children = [];
    private readonly Dictionary<long, IActorRef> _byRun = [];
    private readonly Queue<PendingRun> _pending = new();
    private readonly RisingNumber _ids = new();
    private readonly object _reading = new();
    private int _busy;

    public RunsActor(
        JobStore store, JobsOptions options, Func<RunTask, CancellationToken, Task<RunResult>> act, TimeProvider clock, ILogger log)
    {
        (_store, _options, _act, _clock, _log) = (store, options, act, clock, log);
        Receive<Recovered>(recovered =>
        {
            // What one that died before this one has asked for is older than what that one did.
            if (recovered.Reading == _reading)
            {
                OnRecovered(recovered);
            }
        });
        // Before the answer come only those that it has in it already: the writer does one thing after another.
        Receive<Queued>(_ => { });
        Receive<Begun>(_ => { });
        Receive<Noted>(_ => { });
        Receive<Due>(_ => { });
        ReceiveAny(_ => Stash.Stash());
    }

    /// <summary>The clock says that a time of this job has come.</summary>
    public sealed record Due(string Job);

    /// <summary>The clock was away: look at all jobs.</summary>
    public sealed record LookAtAll
    {
        public static LookAtAll Instance { get; } = new();
    }

    /// <summary>The job is so from now on.</summary>
    public sealed record Defined(Job Job);

    /// <summary>There is no such job any more.</summary>
    public sealed record Gone(string Job);

    /// <summary>The wall clock was set, forward or back.</summary>
    public sealed record ClockSet
    {
        public static ClockSet Instance { get; } = new();
    }

    /// <summary>Begin a run of it, whatever its schedule says.</summary>
    public sealed record RunNow(string Job, TaskCompletionSource<RunNowResult> Asked);

    /// <summary>End this run.</summary>
    public sealed record Cancel(string Job, long Run, TaskCompletionSource<bool> Asked);

    /// <summary>These are committed in the queues, and wait.</summary>
    public sealed record Queued(IReadOnlyList<QueueItem> Items);

    private sealed record Recovered(object Reading, Unfinished? Found, string? Refused);

    private sealed record Begun(Run Run, PendingRun Pending, string? Refused);

    private sealed record Noted(PendingRun Pending, bool IsThere);

    private sealed record Underway(Run Run, PendingRun Pending);

    public IStash Stash { get; set; } = null!;

    /// <summary>So many runs may one job have: what hangs leaves places for all others.</summary>
    private int Share => Math.Max(1, _options.MaxConcurrent * 3 / 4);

    /// <summary>A run that fails beyond its action is over: it has nothing to begin again with.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        _store.Runs.Attach(Self);
        var (self, store, reading) = (Self, _store, _reading);
        _store.Write(new ReadUnfinished((found, refused) =>
        {
            // Here, between the commits before and after: what is enqueued meanwhile is counted by them.
            if (found is not null)
            {
                store.Recovering(found.Items);
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
            pending.Asked?.TrySetException(new UnavailableException("Jobs were stopped before it began."));
        }
    }

    private void Working()
    {
        Receive<Due>(due => Look(due.Job));
        Receive<Begun>(OnBegun);
        Receive<Noted>(OnNoted);
        Receive<RunActor.Ended>(ended => OnEnded(Sender, ended.Result));
        Receive<Terminated>(died => OnEnded(died.ActorRef, new RunResult(RunOutcome.Cancelled, "Its actor was stopped.")));
        Receive<Queued>(OnQueued);
        Receive<Alarm>(_ => OnAlarm());
        Receive<Defined>(defined => OnDefined(defined.Job));
        Receive<Gone>(gone => OnGone(gone.Job));
        Receive<ClockSet>(_ => OnClockSet());
        Receive<RunNow>(OnRunNow);
        Receive<Cancel>(OnCancel);
        Receive<LookAtAll>(_ => OnLookAtAll());
    }

    private void OnDefined(Job job)
    {
        if (!_states.TryGetValue(job.Id, out var state))
        {
            _states[job.Id] = state = new JobState(job, job.Updated, _store.CountersOf(job.Id));
        }
        else if (state.Job is not { } before || !before.IsActive || before.Anchor != job.Anchor)
        {
            // Another schedule, or none that held until now: nothing before was missed. What came since it was put is due.
            var now = _clock.GetUtcNow();
            state.Noticed = job.Updated != state.Job?.Updated && job.Updated < now ? job.Updated : now;
        }

        state.Job = job;
        if (job.Problem is { } problem)
        {
            LogProblem(job.Id, problem);
        }

        if (job.IsActive)
        {
            foreach (var retry in state.Held)
            {
                Again(retry);
            }

            state.Held.Clear();
        }

        PumpItems(state);
        Pump();
    }

    private void OnGone(string id)
    {
        if (_states.Remove(id, out var state))
        {
            state.Job = null;
            state.Counters.AddWaiting(-state.Waiting.Count);
            state.Waiting.Clear();
            while (state.Ready.TryDequeue(out var item))
            {
                _store.Dropped(state, item);
            }

            Forget(state);
        }
    }

    private void OnClockSet()
    {
        // Behind the records of runs that have begun: they say that later times are done with.
        _store.Rewind();
        var latest = _store.Now + SteadyClock.Tolerance;
        foreach (var (id, state) in _states)
        {
            state.Job = _store.Find(id) ?? state.Job;
            if (state.Noticed >= latest && state.Job?.Definition.Schedule is not JobSchedule.At)
            {
                state.Noticed = _store.Now;
            }
        }
    }

    private void OnLookAtAll()
    {
        foreach (var id in _states.Keys.ToList())
        {
            Look(id);
        }
    }

    private void Look(string id)
    {
        var now = _clock.GetUtcNow();
        // Most jobs owe nothing, which is seen at once.
        if (!_states.TryGetValue(id, out var state) || DueOf(state, now) is not { Noticed: { } noticed } due)
        {
            return;
        }

        state.Noticed = noticed;
        if (due.Dropped)
        {
            LogDropped(id, due.Runs.Count);
        }

        if (due.Runs.Count == 0)
        {
            PassOver(state, noticed);
        }

        for (var n = 0; n < due.Runs.Count; n++)
        {
            var (time, cause) = due.Runs[n];
            Request(new PendingRun(state, cause, time, n == due.Runs.Count - 1 ? noticed : time, 1, 0, null));
        }

        Pump();
    }

    /// <summary>Null where no time has come, or the schedule has failed.</summary>
    private DueTimes? DueOf(JobState state, DateTimeOffset now)
    {
        try
        {
            return state.IsDue(now) && state.Job is { Definition: { Schedule: { } schedule } definition } job
                ? DueTimes.Of(schedule, job.Anchor, state.Noticed, now, definition.Misfire, _options.MisfireThreshold, _options.MaxWaiting)
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

    /// <summary>As the overlap policy says: a place now, or after the run that goes on, or none.</summary>
    private void Request(PendingRun run)
    {
        var state = run.State;
        // What is owed comes one after another, unless anything may overlap.
        var isOwed = run.IsNoted || run.Cause is RunCause.CatchUp or RunCause.Retry;
        state.Owing += run.DoneWith is null ? 0 : 1;
        if (state.MayAdmit(Share))
        {
            Admit(run);
        }
        else if (!run.IsNoted && ((!isOwed && state.Overlap == OverlapPolicy.Skip) || state.Waiting.Count + state.Asking >= _options.MaxWaiting))
        {
            LeaveOut(run);
        }
        else if (run.Asked is { } asked)
        {
            Note(run, asked);
        }
        else
        {
            state.Waiting.Enqueue(run);
            state.Counters.AddWaiting(1);
        }
    }

    /// <summary>It is to wait: whoever has asked for it is answered once that is stored, and then it waits.</summary>
    private void Note(PendingRun run, TaskCompletionSource<RunNowResult> asked)
    {
        run.State.Asking++;
        var self = Self;
        _store.Write(new AskRun(run.State.Job!.Id, (isThere, refused) =>
        {
            _ = refused is not null ? asked.TrySetException(new UnavailableException(refused))
                : asked.TrySetResult(isThere ? new RunNowResult.Waits() : new RunNowResult.NoJob());
            self.Tell(new Noted(run, isThere), ActorRefs.NoSender);
        }));
    }

    private void OnNoted(Noted noted)
    {
        var state = noted.Pending.State;
        state.Asking--;
        if (noted.IsThere && state.Job is not null)
        {
            Request(noted.Pending with { Asked = null, IsNoted = true });
            Pump();
        }
    }

    private void LeaveOut(PendingRun run)
    {
        run.State.Counters.Skip();
        run.Asked?.TrySetResult(new RunNowResult.Overlaps());
        if (run.DoneWith is { } time)
        {
            run.State.Owing--;
            PassOver(run.State, time);
        }
    }

    /// <summary>
    /// Stores that there is to be no run for times up to this one: once what is owed for those before has begun, for until then a death must find
    /// them undone.
    /// </summary>
    private void PassOver(JobState state, DateTimeOffset? time)
    {
        state.LeftOut = time > state.LeftOut || state.LeftOut is null ? time : state.LeftOut;
        if (state is { Owing: 0, LeftOut: { } last, Job: { } job })
        {
            state.LeftOut = null;
            _store.Write(new PassOver(job.Id, last));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} has missed more times than may wait; only the last {Count} are caught up with")]
    private partial void LogDropped(string job, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Too many runs wait for a place: one of {Job} is left out (Jobs:MaxPending)")]
    private partial void LogTooMany(string? job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of {Job} cannot begin: {Reason}")]
    private partial void LogNotBegun(string job, string reason);
}
