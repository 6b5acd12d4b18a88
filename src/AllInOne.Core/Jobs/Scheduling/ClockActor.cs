using Microsoft.Extensions.Logging;
using Quartz;
using IScheduler = Quartz.IScheduler;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>
/// <c>/user/jobs/clock</c>: Quartz.NET with its RAM store, made anew from the definitions at each start of this actor. It says which job's time has
/// come, and nothing else; whoever is told finds out what that means, so that nothing is lost when this actor fails. An error that Quartz
/// reports is its failure.
/// </summary>
internal sealed partial class ClockActor : ReceiveActor, IWithUnboundedStash
{
    private readonly JobStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly object _load = new();
    private Action _cancel = () => { };
    private IScheduler? _scheduler;

    public ClockActor(JobStore store, TimeProvider clock, ILogger log)
    {
        (_store, _clock, _log) = (store, clock, log);
        Loading();
    }

    /// <summary>The job is so from now on.</summary>
    public sealed record Set(Job Job);

    /// <summary>There is no such job any more.</summary>
    public sealed record Unset(string Id);

    // Both say whose they are: what was begun for an actor that died before this one is nothing to this one.
    private sealed record Failed(object Load, Exception Cause);

    private sealed record Loaded(object Load, IScheduler Scheduler, int Count);

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        // First the address, then the list: what changes in between is told, too.
        _store.Clock.Attach(Self);
        var (self, load) = (Self, _load);
        // Nothing of it needs disposing: no timer, no handle.
        var stopping = new CancellationTokenSource();
        _cancel = stopping.Cancel;
        Task.Run(() => LoadAsync(self, load, stopping.Token)).PipeTo(Self, Self, loaded => loaded, fault => new Failed(load, fault));
    }

    protected override void PostStop()
    {
        _store.Clock.Detach();
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
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        ReceiveAsync<Set>(set => SetAsync(set.Job));
        ReceiveAsync<Unset>(async unset => await _scheduler!.UnscheduleJob(JobTriggers.KeyOf(unset.Id)));
        Receive<Loaded>(late => End(late.Scheduler));
        Receive<Failed>(OnFailed);
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

    private sealed class ErrorListener(IActorRef clock, object load) : ISchedulerListener
    {
        public ValueTask SchedulerError(IScheduler scheduler, SchedulerErrorContext errorContext, CancellationToken cancellationToken)
        {
            clock.Tell(new Failed(load, new InvalidOperationException($"Quartz has failed: {errorContext}")), ActorRefs.NoSender);
            return ValueTask.CompletedTask;
        }
    }
}
