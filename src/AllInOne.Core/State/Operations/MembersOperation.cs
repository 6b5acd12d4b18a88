using AllInOne.Core.Values;

namespace AllInOne.Core.State.Operations;

/// <summary>Adds members to a set, or removes them.</summary>
internal sealed class MembersOperation(StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> members, bool adds, TimeSpan? ttl) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules)
    {
        if (present is { Value.IsArray: false })
        {
            return StateDecision.Refuse("the value is no set");
        }

        if (present is null && !adds)
        {
            return StateDecision.Fail(StateOutcome.NotFound);
        }

        var before = present?.Value.ToSet() ?? JsonSet.Empty;
        var given = members.Select(member => new JsonMember(member));
        var after = adds ? before.With(given) : before.Without(given);
        var changed = Math.Abs(after.Count - before.Count);
        return changed == 0 ? StateDecision.Keep
            : after.Count == 0 ? StateDecision.Delete.Counting(changed)
            : rules.Store(StateValue.Of(after), rules.EndOf(present, ttl)).Counting(changed);
    }
}
