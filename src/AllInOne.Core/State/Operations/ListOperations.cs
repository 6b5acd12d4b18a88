using AllInOne.Core.Values;

namespace AllInOne.Core.State.Operations;

internal sealed class PushOperation(StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> elements, TimeSpan? ttl) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules)
    {
        if (present is { Value.IsArray: false })
        {
            return StateDecision.Refuse("the value is no list");
        }

        var list = (present?.Value.ToList() ?? JsonList.Empty).Append(elements);
        return rules.Store(new StateValue(list), rules.EndOf(present, ttl)).Counting(list.Count);
    }
}

internal sealed class PopOperation(StateKey key, bool last) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules)
    {
        if (present is null)
        {
            return StateDecision.Fail(StateOutcome.NotFound);
        }

        if (!present.Value.IsArray)
        {
            return StateDecision.Refuse("the value is no list");
        }

        var list = present.Value.ToList();
        if (list.Count == 0)
        {
            return StateDecision.Fail(StateOutcome.NotFound);
        }

        var (element, rest) = list.Take(last);
        // The element is copied, because a slice would keep the whole piece in memory.
        var decision = rest.Count == 0 ? StateDecision.Delete : StateDecision.Store(new StateValue(rest), present.ExpiresAt);
        return decision.Took(element.ToArray(), rest.Count, present.ExpiresAt);
    }
}

/// <summary>
/// Puts an element back to the end of the list from which it was popped. If the list was deleted with this element, it is created again with its
/// former expiry.
/// </summary>
internal sealed class GiveBackOperation(StateKey key, StateResult popped, bool last) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules)
    {
        if (present is { Value.IsArray: false })
        {
            return StateDecision.Refuse("the value is no list");
        }

        var list = present?.Value.ToList() ?? JsonList.Empty;
        list = last ? list.Append([popped.Taken]) : list.Prepend([popped.Taken]);
        return StateDecision.Store(new StateValue(list), present?.ExpiresAt ?? popped.End).Counting(list.Count);
    }
}
