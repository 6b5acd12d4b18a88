using Quartz;
using Quartz.Extensibility;
using IScheduler = Quartz.IScheduler;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>What Quartz runs: it says which job's time has come, and is done.</summary>
internal sealed class Bell(Action<string> rings) : IJob, IJobFactory
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        rings(context.Trigger.Key.Name);
        return ValueTask.CompletedTask;
    }

    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new JobScope(this, null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
