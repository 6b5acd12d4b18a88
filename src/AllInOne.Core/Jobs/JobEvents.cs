using AllInOne.Core.Events;

namespace AllInOne.Core.Jobs;

/// <summary>
/// Publishes the events of jobs on <c>jobs/{id}</c>: <c>created</c>, <c>updated</c>, <c>deleted</c>, <c>paused</c>, <c>resumed</c> with the job,
/// <c>started</c> and <c>ended</c> with the run, without its output.
/// </summary>
internal sealed class JobEvents(EventLog events)
{
    public void Publish(Job job, string type) => events.Publish(job.Topic, type, JobJson.Of(job, null, job.Updated));

    public void Publish(Run run, string type) => events.Publish($"jobs/{run.Job}", type, JobJson.Of(run, isWhole: false));
}
