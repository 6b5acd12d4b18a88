using System.Buffers;
using System.Text.Json;
using AllInOne.Core.Values.Json;

using AllInOne.Core.Values;

namespace AllInOne.Core.State.Operations;

/// <param name="json">Belongs to the item from now on: the caller must not change it.</param>
internal sealed class PutOperation(StateKey key, byte[] json, TimeSpan? ttl) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules) => rules.Store(new StateValue(json), rules.EndOf(ttl));
}

internal sealed class DeleteOperation(StateKey key) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules) =>
        present is null ? StateDecision.Fail(StateOutcome.NotFound) : StateDecision.Delete;
}

internal sealed class CheckOperation(StateKey key) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules) => StateDecision.Keep;
}

internal sealed class TouchOperation(StateKey key, TimeSpan? ttl) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules) =>
        present is null ? StateDecision.Fail(StateOutcome.NotFound) : StateDecision.Store(present.Value, rules.EndOf(ttl));
}

internal sealed class MergeOperation(StateKey key, ReadOnlyMemory<byte> patch, TimeSpan? ttl) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules)
    {
        var merged = new ArrayBufferWriter<byte>((present?.Json.Length ?? 0) + patch.Length);
        try
        {
            JsonMergePatch.Apply(present is null ? default : present.Json.Span, patch, merged, rules.Options.MaxDepth);
        }
        catch (JsonException broken)
        {
            // Each of them is valid, but the result is too deep.
            return StateDecision.Refuse(broken.Message);
        }

        var json = merged.WrittenSpan.ToArray();
        return StateJson.Check(json, rules.Options) is { } wrong ? StateDecision.Refuse(wrong) : rules.Store(new StateValue(json), rules.EndOf(present, ttl));
    }
}
