using System.Globalization;
using Akka.Actor;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;
using Quartz;
using IScheduler = Quartz.IScheduler;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>
/// <c>/user/jobs/clock</c>: Quartz.NET with its RAM store, made anew from the definitions at each start of this actor. It says which job's time has
/// come, and nothing else; whoever is told finds out what that means, so that nothing is lost when this actor fails. An error that Quartz
/// reports is its failure. It also looks at the wall clock each second: when that was set, the schedules are calculated again from now.
/// </summary>
internal sealed partial class ClockActor : ReceiveActor, IWithUnboundedStash
{
    private readonly JobStore _store;
    private readonly TimeProvider _clock;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Readiness _readiness;
    private readonly ILogger _log;
    private object _load = new();
    private ITimer? _looks;
    private Action _cancel = () => { };
    private IScheduler? _scheduler;

    public ClockActor(JobStore store, TimeProvider clock, Readiness readiness, ILogger log)
    {
        (_store, _clock, _readiness, _log) = (store, clock, readiness, log);
        Loading();
    }

    /// <summary>The job is so from now on.</summary>
    public sealed record Set(Job Job);

    /// <summary>There is no such job any more.</summary>
    public sealed record Unset(string Id);

    /// <summary>Look whether the wall clock was set.</summary>
    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    // Both say whose they are: what was begun for an actor that died before this one is nothing to this one.
    private sealed record Failed(object Load, Exception Cause);

    private sealed record Loaded(object Load, IScheduler Scheduler, int Count);

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        // First the address, then the list: what changes in between is told, too.
        _store.Clock.Attach(Self);
        var self = Self;
        if (_store.TakeBehind() is { } behind)
        {
            Warn("back", behind);
        }

        _looks = _clock.CreateTimer(_ => self.Tell(Look.Instance, ActorRefs.NoSender), null, LookInterval, Timeout.InfiniteTimeSpan);
        Load();
    }

    private void Load()
    {
        var (self, load) = (Self, _load);
        // Nothing of it needs disposing: no timer, no handle.
        var stopping = new CancellationTokenSource();
        _cancel = stopping.Cancel;
        Task.Run(() => LoadAsync(self, load, stopping.Token)).PipeTo(Self, Self, loaded => loaded, fault => new Failed(load, fault));
    }

    protected override void PostStop()
    {
        _store.Clock.Detach();
        _looks?.Dispose();
        _cancel();
        if (_scheduler is { } scheduler)
        {
            End(scheduler);
        }
    }

    // Nobody waits: what it still rings is answered by whoever looks at the clock itself.
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
            _store.ClockStarted();
            Context.Parent.Tell(JobsSupervisor.PartReady.Instance);
        });
        Receive<Failed>(OnFailed);
        // The next check finds the same jump.
        Receive<Look>(_ => LookAgain());
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        ReceiveAsync<Set>(set => SetAsync(set.Job));
        ReceiveAsync<Unset>(async unset => await _scheduler!.UnscheduleJob(JobTriggers.KeyOf(unset.Id)));
        Receive<Loaded>(late => End(late.Scheduler));
        Receive<Look>(_ => OnLook());
        Receive<Failed>(OnFailed);
    }

    private void LookAgain() => _looks!.Change(LookInterval, Timeout.InfiniteTimeSpan);

    private void OnLook()
    {
        LookAgain();
        if (_store.Steady.Look() is not { } jump)
        {
            return;
        }

        // Before anything is due by the new time. Quartz waits for the old one: it is made anew, from anchors that are right already.
        _store.RewindAnchors();
        _store.Runs.Tell(RunsActor.ClockSet.Instance);
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
        if (JobTriggers.Of(job, _clock, _store.Fail) is { } trigger)
        {
            await _scheduler!.ScheduleTrigger(trigger, TriggerConflict.Replace);
        }
        else
        {
            await _scheduler!.UnscheduleJob(JobTriggers.KeyOf(job.Id));
        }

        // What fell due before the trigger was there: whoever is told has heard of the job before.
        _store.Ring(job.Id);
    }

    private async Task<Loaded> LoadAsync(IActorRef self, object load, CancellationToken stopping)
    {
        var bell = new Bell(_store.Ring);
        var scheduler = await QuartzSchedulerBuilder.Create(quartz => quartz
            .UseTimeProvider(_clock)
            .UseJobFactory(bell)
            .UseInMemoryStore()
            .UseDefaultThreadPool(1)
            .AddSchedulerListener(new ErrorListener(self, load))
            .ConfigureScheduler(options => options.InstanceName = $"jobs-{Guid.NewGuid():N}")).BuildScheduler(stopping).ConfigureAwait(false);
        try
        {
            var job = JobBuilder.Create<Bell>().WithIdentity(JobTriggers.Bell).StoreDurably().Build();
            await scheduler.AddJob(job, default, stopping).ConfigureAwait(false);
            // All at once: one by one takes Quartz twice as long.
            var triggers = _store.All.AsParallel().WithCancellation(stopping).Select(one => JobTriggers.Of(one, _clock, _store.Fail)).OfType<ITrigger>().ToList();
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
