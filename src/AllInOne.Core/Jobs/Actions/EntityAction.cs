using System.Text.Json;
using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>Sends a command to an entity. The run succeeds when the command is accepted; whether a device executes it is not known.</summary>
internal sealed class EntityAction(EntityDirectory entities)
{
    public async Task<RunResult> ActAsync(JobAction.Entity action, RunTask task, CancellationToken stop)
    {
        var command = new EntityCommand(action.Name, action.Parameters ?? ParametersOf(task));
        return await entities.CommandAsync(action.Id, command, stop).ConfigureAwait(false) switch
        {
            CommandResult.Accepted => RunResult.Good,
            CommandResult.Wrong wrong => RunResult.Bad($"{action.Id} does not take the command {action.Name}: {wrong.Member}: {wrong.Reason}."),
            _ => RunResult.Bad($"There is no entity {action.Id}."),
        };
    }

    private static JsonText ParametersOf(RunTask task)
    {
        if (task.Parameters.IsEmpty)
        {
            return EntityCommand.NoParameters;
        }

        using var document = JsonDocument.Parse(task.Parameters);
        return JsonText.From(document.RootElement);
    }
}
