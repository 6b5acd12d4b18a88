using AllInOne.Core.State.Operations;

namespace AllInOne.Core.State;

/// <summary>
/// Changes, by the actor alone. What is decided is computed first; then the item is put into its place, which is the moment at which
/// readers see it.
/// </summary>
internal sealed partial class StateShard
{
    /// <summary>How many keys are looked at to find one that was long unused.</summary>
    private const int PickedForEviction = 16;

    private readonly StateMemory _memory;
    private readonly Random _random = new();

    /// <summary>One operation on what is there now.</summary>
    public StateResult Apply(StateOperation operation)
    {
        var slot = Present(operation.Key, operation.Hash);
        var present = slot?.Item;
        var decision = operation.DecideUnder(present, _rules);
        switch (decision.Outcome)
        {
            case StateOutcome.Stored when HasRoom(Growth(slot, operation.Key, decision.Value), slot):
                return decision.Result(Set(slot, operation.Key, decision.Value, decision.ExpiresAt), created: present is null);
            case StateOutcome.Stored:
                return new StateResult(StateOutcome.Full, present);
            case StateOutcome.Deleted:
                Remove(slot!, "deleted");
                return decision.Result(null, created: false);
            case StateOutcome.Unchanged:
                NoteUnchanged(slot);
                return decision.Result(present, created: false);
            default:
                return decision.Result(present, created: false);
        }
    }

    /// <summary>All of them or none, each on another key.</summary>
    public IReadOnlyList<StateResult> Apply(IReadOnlyList<StateOperation> operations)
    {
        var slots = operations.Select(operation => Present(operation.Key, operation.Hash)).ToArray();
        var decisions = operations.Select((operation, n) => operation.DecideUnder(slots[n]?.Item, _rules)).ToArray();
        var growth = decisions.Select((decision, n) => decision.Value.IsNone ? 0 : Growth(slots[n], operations[n].Key, decision.Value)).Sum();
        if (!decisions.All(decision => decision.Outcome <= StateOutcome.Unchanged) || !HasRoom(growth, [.. slots]))
        {
            // What stands in the way is said; the others are as they were.
            return [.. decisions.Select((decision, n) => decision.Outcome > StateOutcome.Unchanged
                ? decision.Result(slots[n]?.Item, created: false)
                : new StateResult(decision.Outcome == StateOutcome.Unchanged ? StateOutcome.Unchanged : StateOutcome.ConditionFailed, slots[n]?.Item))];
        }

        return Make(operations, slots, decisions);
    }

    /// <summary>The key's place, when there is something that has not ended; what has ended is taken away.</summary>
    public StateSlot? Present(string key) => Present(key, KeyTable.HashOf(key));

    private StateSlot? Present(string key, int hash)
    {
        if (_table.Find(key, hash) is not { } slot)
        {
            return null;
        }

        if (!slot.HasEnd || slot.Item is not { } item || !_rules.IsEnded(item))
        {
            return slot;
        }

        Expire(slot);
        return null;
    }

    /// <summary>Makes a key that is not there; false when there is no memory for it.</summary>
    public bool Add(string key, StateValue value, long expiresAt)
    {
        if (!HasRoom(SizeOf(key, value)))
        {
            return false;
        }

        Set(null, key, value, expiresAt);
        return true;
    }

    /// <summary>Puts a value into a key's place, which is made if need be.</summary>
    public StateItem Set(StateSlot? slot, string key, StateValue value, long expiresAt, JointChange? joint = null)
    {
        var isNew = slot is null;
        slot ??= NewSlot(key);
        var before = slot.Item;
        var item = StateItem.Of(key, value, ++_version, expiresAt, _rules.Clock);
        item.Joint = joint is null ? null : new JointPart(joint, before);
        // The notes first: when anything fails here, the value is not there, and Recover puts the notes right.
        Note(slot);
        _expiring.Set(slot, expiresAt);
        slot.Used = _beat;
        slot.Item = item;
        Count(slot, SizeOf(key, value));
        if (isNew)
        {
            _table.Add(slot);
            _mostKeys = Math.Max(_mostKeys, ++_count);
        }

        if (_waitingKeys.Count > 0)
        {
            _ready.Enqueue(key);
        }

        if (slot.IsPublished && joint is null)
        {
            _events.Tell(before is null ? "created" : "changed", item);
        }

        return item;
    }

    /// <summary>Takes a key away.</summary>
    /// <param name="type">Of the event.</param>
    public void Remove(StateSlot slot, string type)
    {
        var before = slot.Item;
        NoteGone(slot);
        _expiring.Remove(slot);
        // Before it is seen: who reads several keys counts on that.
        _removals++;
        slot.Item = null;
        if (_table.Remove(slot))
        {
            _count--;
        }

        Count(slot, 0);
        if (_waitingKeys.Count > 0)
        {
            _ready.Enqueue(slot.Key);
        }

        if (slot.IsPublished && before is { IsGone: false })
        {
            _events.Tell(type, before, gone: true);
        }
    }

    private void Expire(StateSlot slot)
    {
        _expired++;
        Remove(slot, "expired");
    }

    private StateResult[] Make(IReadOnlyList<StateOperation> operations, StateSlot?[] slots, StateDecision[] decisions)
    {
        var joint = new JointChange();
        var results = new StateResult[operations.Count];
        var made = new List<(StateSlot Slot, string Type)>();
        for (var n = 0; n < operations.Count; n++)
        {
            var (slot, decision, key) = (slots[n], decisions[n], operations[n].Key);
            var created = slot is null;
            if (decision.Outcome == StateOutcome.Stored)
            {
                var item = Set(slot, key, decision.Value, decision.ExpiresAt, joint);
                made.Add((Present(key)!, created ? "created" : "changed"));
                results[n] = decision.Result(item, created);
            }
            else if (decision.Outcome == StateOutcome.Deleted)
            {
                // A place that says that there is nothing, until all of it counts.
                var before = slot!.Item!;
                _removals++;
                var gone = StateItem.Nothing(key, before.Version);
                gone.Joint = new JointPart(joint, before);
                slot.Item = gone;
                made.Add((slot, "deleted"));
                results[n] = decision.Result(null, created: false);
            }
            else
            {
                NoteUnchanged(slot);
                results[n] = decision.Result(slot?.Item, created: false);
            }
        }

        joint.Make();
        foreach (var (slot, type) in made)
        {
            Settle(slot, type);
        }

        return results;
    }

    private void Settle(StateSlot slot, string type)
    {
        var item = slot.Item!;
        var before = item.Joint!.Before;
        item.Joint = null;
        if (item.IsGone)
        {
            Remove(slot, type);
            item = before!;
        }

        if (slot.IsPublished)
        {
            _events.Tell(type, item, gone: type == "deleted");
        }
    }

    /// <summary>Whether there is memory for so much more; where the policy says so, other keys make room.</summary>
    private bool HasRoom(long more, params ReadOnlySpan<StateSlot?> spared)
    {
        var misses = 0;
        while (more > 0 && !_memory.HasRoom(more))
        {
            if (_rules.Options.WhenFull != StateFullPolicy.Evict
                || _expiring.LeastUsed(_random, PickedForEviction) is not { } least
                || misses > PickedForEviction)
            {
                return false;
            }

            if (spared.Contains(least))
            {
                misses++;
                continue;
            }

            _evicted++;
            Remove(least, "evicted");
        }

        return true;
    }

    private void Count(StateSlot slot, long size)
    {
        _bytes += size - slot.Size;
        slot.Size = size;
    }

    private static long Growth(StateSlot? slot, string key, StateValue value) => SizeOf(key, value) - (slot?.Size ?? 0);

    private static long SizeOf(string key, StateValue value) => Overhead + (2L * key.Length) + value.Size;
}
