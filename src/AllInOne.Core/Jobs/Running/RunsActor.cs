using Akka.Actor;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// <c>/user/jobs/runs</c>: the parent of all active runs. <see cref="Admission"/> decides which run starts when; this actor carries the decisions
/// out. A run starts after its record is committed. The same transaction stores that its due time is handled. So no time is lost, and a run that a
/// crash interrupts has a record. At its start, this actor reads its whole state from the file, behind the pending writes. A run without an end is
/// then lost, because its actor was a child of the previous incarnation. Messages that arrive before the answer are stashed.
/// </summary>
internal sealed class RunsActor : ReceiveActor, IWithUnboundedStash
{
    private readonly JobStore _store;
    private readonly JobFile _file;
    private readonly JobsOptions _options;
    private readonly Func<RunTask, CancellationToken, Task<RunResult>> _act;
    private readonly TimeProvider _clock;
    private readonly RunsLog _log;
    private readonly Random _chance = new();
    private readonly RisingNumber _ids = new();
    private readonly Admission _admission;
    private readonly Dictionary<RunId, ActiveRun> _active = [];
    private readonly object _reading = new();
    private readonly RunsAlarm _alarm;

    public RunsActor(
        JobStore store, JobsOptions options, Func<RunTask, CancellationToken, Task<RunResult>> act, TimeProvider clock, ILogger log)
    {
        (_store, _file, _options, _act, _clock, _log) = (store, store.File, options, act, clock, new RunsLog(log));
        _admission = new Admission(options, store.Counters.All);
        var self = Self;
        _alarm = new RunsAlarm(clock, store.File.Steady, () => self.Tell(Elapsed.Instance, ActorRefs.NoSender));
        Receive<Restored>(restored =>
        {
            // An answer to a previous incarnation is stale: ignore it.
            if (restored.Reading == _reading)
            {
                OnRestored(restored);
            }
        });
        // The writer works in order, so the answer already contains the changes that these messages report.
        Receive<Enqueued>(_ => { });
        Receive<RecordStored>(_ => { });
        Receive<RequestStored>(_ => { });
        Receive<CheckTimes>(_ => { });
        ReceiveAny(_ => Stash.Stash());
    }

    /// <summary>A time of this job may be due.</summary>
    public sealed record CheckTimes(JobId Job);

    /// <summary>The clock actor has started again: a time of any job may be due.</summary>
    public sealed record CheckAllTimes
    {
        public static CheckAllTimes Instance { get; } = new();
    }

    /// <summary>The job is new or has changed.</summary>
    public sealed record Defined(Job Job);

    /// <summary>The job was deleted.</summary>
    public sealed record Deleted(JobId Job);

    /// <summary>The wall clock was set, forward or back.</summary>
    public sealed record ClockSet
    {
        public static ClockSet Instance { get; } = new();
    }

    /// <summary>
    /// Start a run of this job now, independent of its schedule. The answer is a <see cref="RunNowResult"/>; <see cref="Refused"/> if the run has not
    /// started and the request is not stored.
    /// </summary>
    public sealed record StartNow(JobId Job) : IRefusable;

    /// <summary>Cancel this run. The answer is whether it is active.</summary>
    public sealed record Cancel(JobId Job, RunId Run) : IRefusable;

    /// <summary>These items are committed and wait in the queues.</summary>
    public sealed record Enqueued(IReadOnlyList<QueueItem> Items);

    private sealed record Restored(object Reading, Unfinished? Found, string? Refused);

    private sealed record RecordStored(Run Run, PendingRun Pending, string? Refused);

    private sealed record RequestStored(PendingRun Run, bool IsStored);

    private sealed record Elapsed
    {
        public static Elapsed Instance { get; } = new();
    }

    /// <summary>A message of the watch: the actor of this run has stopped without a result.</summary>
    private sealed record Stopped(RunId Run);

    private sealed record ActiveRun(Run Run, PendingRun Pending, IActorRef Actor, RunOutput Output);

    public IStash Stash { get; set; } = null!;

    /// <summary>Stops a run whose actor fails: it cannot be started again.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        _store.Addresses.Runs.Attach(Self);
        var (self, store, reading) = (Self, _store, _reading);
        _file.Write(new ReadUnfinished((found, refused) =>
        {
            // This is called between two commits, so items of later commits are counted after it.
            if (found is not null)
            {
                store.Counters.Restore(found.Items);
            }

            self.Tell(new Restored(reading, found, refused), ActorRefs.NoSender);
        }));
    }

    // Its children, the runs, stop with it.
    protected override void PreRestart(Exception reason, object? message)
    {
        FailedMessage.Refuse(message, Context, reason);
        base.PreRestart(reason, message!);
    }

    protected override void PostStop()
    {
        _store.Addresses.Runs.Detach();
        _alarm.Stop();
        foreach (var caller in _admission.Callers)
        {
            caller.Tell(new Refused("The jobs were stopped before the run started."));
        }
    }

    private void Working()
    {
        Receive<CheckTimes>(check => CarryOut(_admission.CheckTimes(check.Job, _clock.GetUtcNow())));
        Receive<CheckAllTimes>(_ => CarryOut(_admission.CheckAllTimes(_clock.GetUtcNow())));
        Receive<RecordStored>(OnRecordStored);
        Receive<RequestStored>(stored => CarryOut(_admission.CompleteRequest(stored.Run, stored.IsStored)));
        Receive<RunActor.Completed>(completed => OnCompleted(completed.Run, completed.Result));
        Receive<Stopped>(stopped => OnCompleted(stopped.Run, new RunResult(RunOutcome.Cancelled, "Its actor was stopped.")));
        Receive<Enqueued>(enqueued => CarryOut(_admission.Enqueue(enqueued.Items, _file.Steady.Now)));
        Receive<Elapsed>(_ => OnElapsed());
        Receive<Defined>(defined => OnDefined(defined.Job));
        Receive<Deleted>(deleted => _admission.Delete(deleted.Job));
        Receive<ClockSet>(_ => OnClockSet());
        Receive<StartNow>(start => CarryOut(_admission.RequestRun(start.Job, Sender)));
        Receive<Cancel>(OnCancel);
    }

    private void OnRestored(Restored restored)
    {
        var found = restored.Found ?? throw new UnavailableException($"The unfinished work of the jobs cannot be read: {restored.Refused}");
        _ids.Saw(found.LastRun.Value);
        var progress = found.Jobs.ToDictionary(one => one.Job);
        foreach (var job in _store.Definitions.Unordered)
        {
            _log.Problem(job);
            _admission.Restore(job, progress.TryGetValue(job.Id, out var one) ? one.Planned : job.Updated, _store.CountersOf(job.Id));
        }

        Become(Working);
        var lost = found.Open.Select(run => run.Item).OfType<long>().ToHashSet();
        var items = found.Items.ToLookup(item => lost.Contains(item.Id));
        CarryOut(_admission.Enqueue(items[false], _file.Steady.Now));
        FinishLost(found.Open, items[true].ToDictionary(item => item.Id));
        foreach (var failed in found.Retries)
        {
            _admission.RestoreRetry(failed);
        }

        CarryOut(_admission.CheckAllTimes(_clock.GetUtcNow()));
        foreach (var (job, _, requested) in found.Jobs)
        {
            CarryOut(_admission.RestoreRequests(job, requested));
        }

        Stash.UnstashAll();
        Context.Parent.Tell(PartSupervisor.ChildReady.Instance);
        _log.Restored(found.Open.Count, found.Items.Count);
    }

    /// <summary>Ends the runs that the last stop has interrupted.</summary>
    private void FinishLost(IReadOnlyList<Run> runs, Dictionary<long, QueueItem> items)
    {
        if (_options.Commands.Enabled && ProcessGroup.KillLeft([.. runs.Select(run => run.Id)]) is var killed and > 0)
        {
            _log.Killed(killed);
        }

        foreach (var run in runs)
        {
            var item = run.Item is { } id && items.Remove(id, out var found) ? found : null;
            var state = _admission.Find(run.Job);
            var end = Finish(
                // EndRun without an item would delete the row of run.Item.
                item is null ? run with { Item = null } : run, state, item,
                new RunResult(RunOutcome.Lost, "The server, or the actor of its jobs, stopped before the run completed."));
            if (state is not null)
            {
                _admission.Postpone(state, end);
            }
        }
    }

    private void OnDefined(Job job)
    {
        _log.Problem(job);
        CarryOut(_admission.Define(job, _store.CountersOf(job.Id), _clock.GetUtcNow()));
    }

    private void OnClockSet()
    {
        // After the records of started runs, which have marked later times as handled.
        _store.Definitions.Rewind();
        _admission.Rewind(_store.Definitions.Find, _file.Now);
    }

    private void OnElapsed()
    {
        _alarm.Reset();
        CarryOut(_admission.Elapse(_file.Steady.Now));
    }

    private void OnCancel(Cancel message)
    {
        var isActive = _active.TryGetValue(message.Run, out var active) && active.Run.Job == message.Job;
        if (isActive)
        {
            active!.Actor.Tell(RunActor.Cancel.Instance);
        }

        Sender.Tell(isActive);
    }

    private void OnRecordStored(RecordStored stored)
    {
        var (run, pending) = (stored.Run, stored.Pending);
        if (stored.Refused is { } reason)
        {
            _log.NotStarted(run.Job, reason);
            pending.Caller?.Tell(new Refused(reason));
            CarryOut(_admission.RefuseStart(pending, _file.Steady.Now));
            return;
        }

        CarryOut(_admission.ConfirmStart(pending));
        if (pending.State.Job is { } job)
        {
            Start(run, job, pending);
            return;
        }

        Finish(run, pending.State, pending.Item, new RunResult(RunOutcome.Cancelled, "The job was deleted."));
        pending.Caller?.Tell(new RunNowResult.NoJob());
        CarryOut(_admission.Complete(pending));
    }

    private void Start(Run run, Job job, PendingRun pending)
    {
        var (task, act, options, clock) = (new RunTask(run, job, pending.Item?.Parameters ?? default, new RunOutput(_options.MaxOutputBytes)), _act, _options, _clock);
        // Count the run before its action can read the counters.
        _store.Runs.Started(run, pending.State.Counters);
        var actor = Context.ActorOf(Props.Create(() => new RunActor(task, act, options, clock)), string.Create(null, $"{run.Job}-{run.Id}"));
        Context.WatchWith(actor, new Stopped(run.Id));
        _active[run.Id] = new ActiveRun(run, pending, actor, task.Output);
        pending.Caller?.Tell(new RunNowResult.Started(run));
    }

    private void OnCompleted(RunId id, RunResult result)
    {
        // A message of a previous incarnation, or the second one of the same run.
        if (!_active.Remove(id, out var active))
        {
            return;
        }

        Context.Unwatch(active.Actor);
        var pending = active.Pending;
        pending.State.Counters.AddRunning(-1);
        var end = Finish(active.Run with { Output = active.Output.Text() }, pending.State, pending.Item, result);
        _admission.Postpone(pending.State, end);
        CarryOut(_admission.Complete(pending));
    }

    /// <summary>Stores and counts the end of a run.</summary>
    private RunEnd Finish(Run run, JobState? state, QueueItem? item, RunResult result)
    {
        var end = RunEnd.Of(run, state?.Job, item, result, _admission.MayRetry(state), EventTime.Now(_clock), _file.Steady.Now, _chance.NextDouble());
        var counters = state?.Counters ?? _store.Counters.All;
        if (item is not null)
        {
            JobQueues.CountEnd(counters, item, end);
        }

        if (state is not null)
        {
            _store.Runs.Ended(end, counters);
        }

        // Write it after the run is counted, so that each end that a client can read is counted.
        _file.WriteBeyond(new EndRun(end.Record, end.Item));
        if (end.IsItemDead)
        {
            _store.Queues.DiscardBeyond(run.Job, counters);
        }

        _log.End(end.Record, end.RetryAt is { } at ? _file.Steady.ToWall(at) : null);
        return end;
    }

    private void CarryOut(IReadOnlyList<AdmissionDecision> decisions)
    {
        foreach (var decision in decisions)
        {
            switch (decision)
            {
                case AdmissionDecision.Start start:
                    StoreRecord(start.Run);
                    break;
                case AdmissionDecision.StoreRequest store:
                    StoreRequest(store.Run);
                    break;
                case AdmissionDecision.SkipTimes skip:
                    _file.Write(new SkipTimes(skip.Job, skip.UpTo));
                    break;
                case AdmissionDecision.Answer answer:
                    answer.Caller.Tell(answer.Result);
                    break;
                case AdmissionDecision.Fail fail:
                    _store.Definitions.Fail(fail.Job, fail.Fault);
                    break;
                case AdmissionDecision.WarnOfDroppedTimes warning:
                    _log.DroppedTimes(warning.Job, warning.Kept);
                    break;
                case AdmissionDecision.WarnOfFullQueue warning:
                    _log.TooManyPending(warning.Job);
                    break;
            }
        }

        _alarm.Set(_admission.NextDue);
    }

    private void StoreRecord(PendingRun pending)
    {
        var now = EventTime.Now(_clock);
        var run = new Run(
            new RunId(_ids.Next(now)), pending.State.Job!.Id, pending.Cause, null, pending.PlannedFor, now, null, pending.Attempt,
            System.Diagnostics.ActivityTraceId.CreateRandom().ToHexString(), pending.Item?.Id, null, null, null);
        var self = Self;
        _file.WriteBeyond(new StartRun(
            run, pending.Retried, pending.HandledUpTo, pending.IsStored, refused => self.Tell(new RecordStored(run, pending, refused), ActorRefs.NoSender)));
    }

    /// <summary>Stores that a requested run waits. After the commit the caller is answered, even if this actor has restarted, and the run waits.</summary>
    private void StoreRequest(PendingRun run)
    {
        var self = Self;
        _file.Write(new StoreRunRequest(run.State.Job!.Id, (isStored, refused) =>
        {
            run.Caller!.Tell(refused is not null ? new Refused(refused) : isStored ? new RunNowResult.Waits() : new RunNowResult.NoJob());
            self.Tell(new RequestStored(run, isStored), ActorRefs.NoSender);
        }));
    }
}
