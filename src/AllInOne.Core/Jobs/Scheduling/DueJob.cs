using Quartz;
using Quartz.Extensibility;
using IScheduler = Quartz.IScheduler;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>The only job that Quartz runs: it reports which of our jobs is due.</summary>
internal sealed class DueJob(Action<JobId> due) : IJob, IJobFactory
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        due(JobId.Parse(context.Trigger.Key.Name));
        return ValueTask.CompletedTask;
    }

    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new JobScope(this, null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
