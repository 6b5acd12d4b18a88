using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>Does what a job says. What a job cannot do is a failed run; what is broken throws, which is one, too.</summary>
internal sealed class JobActions(
    HttpAction http, CommandAction command, StateAction state, EntityAction entity, RetentionAction retention,
    Func<RunTask, CancellationToken, Task<RunResult>> backup) : IDisposable
{
    /// <param name="task">The run.</param>
    /// <param name="stop">Ends it as soon as it can.</param>
    public Task<RunResult> ActAsync(RunTask task, CancellationToken stop) => task.Job.Definition.Action switch
    {
        JobAction.Http action => http.ActAsync(action, task, stop),
        JobAction.Command action => command.ActAsync(action, task, stop),
        JobAction.State action => state.ActAsync(action, task),
        JobAction.Entity action => entity.ActAsync(action, task, stop),
        JobAction.Retention action => retention.ActAsync(action, task, stop),
        JobAction.Backup => backup(task, stop),
        _ => Task.FromResult(RunResult.Good),
    };

    /// <summary>No run goes on any more; what programs have not ended by now are killed.</summary>
    public void Dispose() => Disposal.Run(http.Dispose, command.KillAll);
}
