using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>Executes the actions of jobs. An expected failure is a result; an unexpected one throws. Both make the run fail.</summary>
internal sealed class JobActions(
    HttpAction http, CommandAction command, StateAction state, EntityAction entity, RetentionAction retention,
    Func<RunTask, CancellationToken, Task<RunResult>> backup) : IDisposable
{
    /// <param name="task">The run.</param>
    /// <param name="stop">Cancels the action.</param>
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

    /// <summary>Kills the programs that still run. Call it when no run is active any more.</summary>
    public void Dispose() => Disposal.Run(http.Dispose, command.KillAll);
}
