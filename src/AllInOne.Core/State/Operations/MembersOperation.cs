using System.Text.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>Puts members into a set, or takes them out of it. What the set becomes is written anew.</summary>
internal sealed class MembersOperation(string key, IReadOnlyList<ReadOnlyMemory<byte>> members, bool adds, TimeSpan? ttl) : StateOperation(key)
{
    /// <summary>What is stored was within the bound of its time.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    internal override StateDecision Decide(StateItem? present, StateRules rules)
    {
        if (present is { Value.IsArray: false })
        {
            return StateDecision.Refuse("the value is no set");
        }

        if (present is null && !adds)
        {
            return StateDecision.Not(StateOutcome.NotFound);
        }

        using var there = JsonDocument.Parse(present?.Json ?? "[]"u8.ToArray(), Deep);
        using var given = JsonDocument.Parse(JsonList.Empty.Append(members).ToJson(), Deep);
        var set = new JsonSet(there.RootElement);
        var changed = given.RootElement.EnumerateArray().Count(member => adds ? set.Add(member) : set.Remove(member));
        return changed == 0 ? StateDecision.Keep
            : set.Count == 0 ? StateDecision.Delete.Counting(changed)
            : rules.Store(new StateValue(set.ToJson()), rules.EndOf(present, ttl)).Counting(changed);
    }
}
