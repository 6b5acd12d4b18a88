using System.Globalization;
using Akka.Actor;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;
using Quartz;
using IScheduler = Quartz.IScheduler;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>
/// <c>/user/jobs/clock</c>: Quartz.NET with its RAM store, filled from the definitions at each start of this actor. It notifies
/// <c>runs</c> which job is due, and does nothing else. The receiver calculates what is due, so no time is lost when this actor fails. An error that Quartz
/// reports is a failure of this actor. It also checks the wall clock each second: when the clock was set, it calculates the schedules again from now.
/// </summary>
internal sealed partial class ClockActor : ReceiveActor, IWithUnboundedStash
{
    private readonly JobStore _store;
    private readonly TimeProvider _clock;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly Readiness _readiness;
    private readonly ILogger _log;
    private object _load = new();
    private ITimer? _checks;
    private Action _cancel = () => { };
    private IScheduler? _scheduler;

    public ClockActor(JobStore store, TimeProvider clock, Readiness readiness, ILogger log)
    {
        (_store, _clock, _readiness, _log) = (store, clock, readiness, log);
        Loading();
    }

    /// <summary>The job is new or has changed: replace its trigger.</summary>
    public sealed record SetSchedule(Job Job);

    /// <summary>The job was deleted: remove its trigger.</summary>
    public sealed record RemoveSchedule(JobId Id);

    /// <summary>Check whether the wall clock was set.</summary>
    private sealed record CheckClock
    {
        public static CheckClock Instance { get; } = new();
    }

    // Both carry the load that they belong to: a result for a previous incarnation is stale and ignored.
    private sealed record Failed(object Load, Exception Cause);

    private sealed record Loaded(object Load, IScheduler Scheduler, int Count);

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        // Attach the address first, then read the list, so that this actor also gets the changes in between.
        _store.Addresses.Clock.Attach(Self);
        var self = Self;
        if (_store.File.TakeBehind() is { } behind)
        {
            Warn("back", behind);
        }

        _checks = _clock.CreateTimer(_ => self.Tell(CheckClock.Instance, ActorRefs.NoSender), null, CheckInterval, Timeout.InfiniteTimeSpan);
        Load();
    }

    private void Load()
    {
        var (self, load) = (Self, _load);
        // It needs no disposal: it has no timer and no handle.
        var stopping = new CancellationTokenSource();
        _cancel = stopping.Cancel;
        Task.Run(() => LoadAsync(self, load, stopping.Token)).PipeTo(Self, Self, loaded => loaded, fault => new Failed(load, fault));
    }

    protected override void PostStop()
    {
        _store.Addresses.Clock.Detach();
        _checks?.Dispose();
        _cancel();
        if (_scheduler is { } scheduler)
        {
            End(scheduler);
        }
    }

    // It does not wait for the end. A late notification does no harm, because the receiver checks the clock itself.
    private static void End(IScheduler scheduler) =>
        _ = Task.Run(async () => await scheduler.Shutdown(false, CancellationToken.None).ConfigureAwait(false));

    private void Loading()
    {
        Receive<Loaded>(loaded =>
        {
            if (loaded.Load != _load)
            {
                End(loaded.Scheduler);
                return;
            }

            _scheduler = loaded.Scheduler;
            LogLoaded(loaded.Count);
            Become(Running);
            Stash.UnstashAll();
            _store.Addresses.Runs.Tell(RunsActor.CheckAllTimes.Instance);
            Context.Parent.Tell(PartSupervisor.ChildReady.Instance);
        });
        Receive<Failed>(OnFailed);
        // The next check finds the same jump.
        Receive<CheckClock>(_ => ScheduleCheck());
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        ReceiveAsync<SetSchedule>(set => SetAsync(set.Job));
        ReceiveAsync<RemoveSchedule>(async unset => await _scheduler!.UnscheduleJob(JobTriggers.KeyOf(unset.Id)));
        Receive<Loaded>(late => End(late.Scheduler));
        Receive<CheckClock>(_ => OnCheckClock());
        Receive<Failed>(OnFailed);
    }

    private void ScheduleCheck() => _checks!.Change(CheckInterval, Timeout.InfiniteTimeSpan);

    private void OnCheckClock()
    {
        ScheduleCheck();
        if (_store.File.Steady.TakeJump() is not { } jump)
        {
            return;
        }

        // Correct the anchors first, so that no job becomes due by the new time before that. Quartz still waits for the old times, so a new scheduler
        // replaces it.
        _store.Definitions.RewindAnchors();
        _store.Addresses.Runs.Tell(RunsActor.ClockSet.Instance);
        Warn(jump < TimeSpan.Zero ? "back" : "forward", jump.Duration());
        End(_scheduler!);
        _scheduler = null;
        _load = new object();
        Become(Loading);
        Load();
    }

    private void Warn(string how, TimeSpan jump)
    {
        var by = TimeSpan.FromSeconds(Math.Round(jump.TotalSeconds)).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
        LogClockSet(how, by);
        _readiness.Note("clock", $"The clock of the machine was set {how} by {by} (days.hours:minutes:seconds), noticed at {_store.Now.UtcDateTime:O}.");
    }

    private void OnFailed(Failed failed)
    {
        if (failed.Load == _load)
        {
            throw failed.Cause;
        }
    }

    private async Task SetAsync(Job job)
    {
        if (JobTriggers.Of(job, _clock, _store.Definitions.Fail) is { } trigger)
        {
            await _scheduler!.ScheduleTrigger(trigger, TriggerConflict.Replace);
        }
        else
        {
            await _scheduler!.UnscheduleJob(JobTriggers.KeyOf(job.Id));
        }

        // A time may have come due before the trigger existed. The receiver knows the job already: its message was sent first.
        CheckTimes(job.Id);
    }

    private void CheckTimes(JobId job) => _store.Addresses.Runs.Tell(new RunsActor.CheckTimes(job));

    private async Task<Loaded> LoadAsync(IActorRef self, object load, CancellationToken stopping)
    {
        var dueJob = new DueJob(CheckTimes);
        var scheduler = await QuartzSchedulerBuilder.Create(quartz => quartz
            .UseTimeProvider(_clock)
            .UseJobFactory(dueJob)
            .UseInMemoryStore()
            .UseDefaultThreadPool(1)
            .AddSchedulerListener(new ErrorListener(self, load))
            .ConfigureScheduler(options => options.InstanceName = $"jobs-{Guid.NewGuid():N}")).BuildScheduler(stopping).ConfigureAwait(false);
        try
        {
            var job = JobBuilder.Create<DueJob>().WithIdentity(JobTriggers.DueJobKey).StoreDurably().Build();
            await scheduler.AddJob(job, default, stopping).ConfigureAwait(false);
            // Schedule all triggers in one call: single calls take twice as long in Quartz.
            var triggers = _store.Definitions.Unordered.AsParallel().WithCancellation(stopping).Select(one => JobTriggers.Of(one, _clock, _store.Definitions.Fail)).OfType<ITrigger>().ToList();
            if (triggers.Count > 0)
            {
                await scheduler.ScheduleJobs(
                    new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>> { [job] = triggers }, new ScheduleJobOptions { Replace = true }, stopping)
                    .ConfigureAwait(false);
            }

            await scheduler.Start(stopping).ConfigureAwait(false);
            return new Loaded(load, scheduler, triggers.Count);
        }
        catch
        {
            await scheduler.Shutdown(false, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The clock has the times of {Count} jobs")]
    private partial void LogLoaded(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock of the machine was set {How} by {By}: schedules count from the new time; locks, times to live and delays end after their own time")]
    private partial void LogClockSet(string how, string by);

    private sealed class ErrorListener(IActorRef clock, object load) : ISchedulerListener
    {
        public ValueTask SchedulerError(IScheduler scheduler, SchedulerErrorContext errorContext, CancellationToken cancellationToken)
        {
            clock.Tell(new Failed(load, new InvalidOperationException($"Quartz has failed: {errorContext}")), ActorRefs.NoSender);
            return ValueTask.CompletedTask;
        }
    }
}
