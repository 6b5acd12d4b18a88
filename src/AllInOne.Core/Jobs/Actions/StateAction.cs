using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.State;
using AllInOne.Core.State.Operations;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>Applies an operation to a state key. The change is durable before the run succeeds.</summary>
internal sealed class StateAction(StateStore state)
{
    public async Task<RunResult> ActAsync(JobAction.State action, RunTask task)
    {
        var (operation, wrong) = OperationOf(action, task.Parameters);
        if (operation is null)
        {
            return RunResult.Bad(wrong!);
        }

        var result = await state.ApplyAsync(operation, durable: true).ConfigureAwait(false);
        // A delete of a missing key succeeds.
        var isGood = result.IsDone || (result.Outcome == StateOutcome.NotFound && action.Op is StateOp.Delete or StateOp.Remove);
        if (isGood && action.Op == StateOp.Increment && result.Item is { } item)
        {
            task.Output.Write(item.Json.Span);
        }

        return isGood ? RunResult.Good : RunResult.Bad($"The key {action.Key} was not changed: {result.Reason ?? JobDefinitionJson.Name(result.Outcome)}.");
    }

    private (StateOperation? Operation, string? Wrong) OperationOf(JobAction.State action, ReadOnlyMemory<byte> parameters)
    {
        var value = action.Value.ValueKind == JsonValueKind.Undefined ? parameters : JsonMarshal.GetRawUtf8Value(action.Value).ToArray();
        switch (action.Op)
        {
            case StateOp.Delete:
                return (StateOperation.Delete(action.Key), null);
            case StateOp.Increment:
                return (StateOperation.Increment(action.Key, action.By, ttl: action.Ttl), null);
            case StateOp.Touch:
                return (StateOperation.Touch(action.Key, action.Ttl), null);
            default:
                if (value.IsEmpty)
                {
                    return (null, $"There is no value to {JobDefinitionJson.Name(action.Op)}: the action has none, and the run no parameters.");
                }

                return StateJson.Check(value.Span, state.Options) is { } wrong
                    ? (null, $"The value may not be stored: {wrong}.")
                    : (With(action, value), null);
        }
    }

    private static StateOperation With(JobAction.State action, ReadOnlyMemory<byte> value) => action.Op switch
    {
        StateOp.Push => StateOperation.Push(action.Key, [value], action.Ttl),
        StateOp.Add => StateOperation.Add(action.Key, [value], action.Ttl),
        StateOp.Remove => StateOperation.Remove(action.Key, [value]),
        StateOp.Merge => StateOperation.Merge(action.Key, value, action.Ttl),
        _ => StateOperation.Put(action.Key, value.Span, action.Ttl),
    };
}
