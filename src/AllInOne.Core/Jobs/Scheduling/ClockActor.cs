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

    /// <summary>Quartz has reported an error.</summary>
    public sealed record Failed(Exception Cause);

    private sealed record Loaded(IScheduler Scheduler, int Count);

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        // First the address, then the list: what changes in between is told, too.
        _store.Clock.Attach(Self);
        var self = Self;
        // Nothing of it needs disposing: no timer, no handle.
        var stopping = new CancellationTokenSource();
        _cancel = stopping.Cancel;
        Task.Run(() => LoadAsync(self, stopping.Token)).PipeTo(Self, Self, loaded => loaded, fault => new Failed(fault));
    }

    protected override void PostStop()
    {
        _store.Clock.Detach();
        _cancel();
        if (_scheduler is { } scheduler)
        {
            // Nobody waits: what it still rings is answered by whoever looks at the clock itself.
            _ = Task.Run(async () => await scheduler.Shutdown(false, CancellationToken.None).ConfigureAwait(false));
        }
    }

    private void Loading()
    {
        Receive<Loaded>(loaded =>
        {
            _scheduler = loaded.Scheduler;
            LogLoaded(loaded.Count);
            Become(Running);
            Stash.UnstashAll();
            _store.ClockStarted();
            Context.Parent.Tell(JobsSupervisor.PartReady.Instance);
        });
        Receive<Failed>(failed => throw failed.Cause);
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        ReceiveAsync<Set>(set => SetAsync(set.Job));
        ReceiveAsync<Unset>(async unset => await _scheduler!.UnscheduleJob(JobTriggers.KeyOf(unset.Id)));
        Receive<Failed>(failed => throw failed.Cause);
    }

    private async Task SetAsync(Job job)
    {
        if (JobTriggers.Of(job, _clock) is { } trigger)
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

    private async Task<Loaded> LoadAsync(IActorRef self, CancellationToken stopping)
    {
        var bell = new Bell(_store.Ring);
        var scheduler = await QuartzSchedulerBuilder.Create(quartz => quartz
            .UseTimeProvider(_clock)
            .UseJobFactory(bell)
            .UseInMemoryStore()
            .UseDefaultThreadPool(1)
            .AddSchedulerListener(new ErrorListener(self))
            .ConfigureScheduler(options => options.InstanceName = $"jobs-{Guid.NewGuid():N}")).BuildScheduler(stopping).ConfigureAwait(false);
        try
        {
            await scheduler.AddJob(JobBuilder.Create<Bell>().WithIdentity(JobTriggers.Bell).StoreDurably().Build(), default, stopping).ConfigureAwait(false);
            var count = 0;
            foreach (var job in _store.All)
            {
                stopping.ThrowIfCancellationRequested();
                if (JobTriggers.Of(job, _clock) is { } trigger)
                {
                    await scheduler.ScheduleJob(trigger, default, stopping).ConfigureAwait(false);
                    count++;
                }
            }

            await scheduler.Start(stopping).ConfigureAwait(false);
            return new Loaded(scheduler, count);
        }
        catch
        {
            await scheduler.Shutdown(false, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The clock has the times of {Count} jobs")]
    private partial void LogLoaded(int count);

    private sealed class ErrorListener(IActorRef clock) : ISchedulerListener
    {
        public ValueTask SchedulerError(IScheduler scheduler, SchedulerErrorContext errorContext, CancellationToken cancellationToken)
        {
            clock.Tell(new Failed(new InvalidOperationException($"Quartz has failed: {errorContext}")), ActorRefs.NoSender);
            return ValueTask.CompletedTask;
        }
    }
}
