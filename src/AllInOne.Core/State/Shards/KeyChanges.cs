using AllInOne.Core.State.Operations;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// Changes the keys of one shard. An operation is decided on the present item; then the new item is set, which makes it visible to readers. Each
/// change gets a version, is marked for the writer, makes its key ready for waiting commands, and becomes an event if the key is published. Only the
/// shard's actor uses this object, except its counters.
/// </summary>
internal sealed class KeyChanges(
    StateRules rules, StateMemory memory, StateEvents events, ShardTable table, WriteBehind writes, WaitList waiting)
{
    /// <summary>How many keys are compared to find one to evict.</summary>
    private const int EvictionSample = 16;

    private readonly Random _random = new();
    private long _version;
    private long _expired;
    private long _evicted;

    /// <summary>The version of the next change.</summary>
    public long NextVersion => _version + 1;

    /// <summary>Keys removed because their time to live was over. Any thread may read it.</summary>
    public long Expired => Volatile.Read(ref _expired);

    /// <summary>Keys removed to make room for others. Any thread may read it.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>Sets the last used version; the next change gets a greater one.</summary>
    public void BeginAbove(long version) => _version = version;

    /// <summary>Applies an operation to the present item of its key.</summary>
    public StateResult Apply(StateOperation operation)
    {
        var key = operation.Key.Value;
        var slot = Present(key);
        var present = slot?.Item;
        var decision = operation.DecideUnder(present, rules);
        switch (decision.Outcome)
        {
            case StateOutcome.Stored when HasRoom(Growth(slot, key, decision.Value), slot):
                return decision.Result(Set(slot, key, decision.Value, decision.ExpiresAt), created: present is null);
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

    /// <summary>Applies operations to different keys: all of them or none.</summary>
    public IReadOnlyList<StateResult> Apply(IReadOnlyList<StateOperation> operations)
    {
        var slots = operations.Select(operation => Present(operation.Key.Value)).ToArray();
        var decisions = operations.Select((operation, n) => operation.DecideUnder(slots[n]?.Item, rules)).ToArray();
        var growth = decisions.Select((decision, n) => decision.Value.IsNone ? 0 : Growth(slots[n], operations[n].Key.Value, decision.Value)).Sum();
        var isPossible = decisions.All(decision => decision.Outcome <= StateOutcome.Unchanged);
        if (isPossible && !HasRoom(growth, [.. slots]))
        {
            return [.. slots.Select(slot => new StateResult(StateOutcome.Full, slot?.Item))];
        }

        if (!isPossible)
        {
            // An operation that cannot be done has its own outcome. The other operations are not done either: ConditionFailed.
            return [.. decisions.Select((decision, n) => decision.Outcome > StateOutcome.Unchanged
                ? decision.Result(slots[n]?.Item, created: false)
                : new StateResult(decision.Outcome == StateOutcome.Unchanged ? StateOutcome.Unchanged : StateOutcome.ConditionFailed, slots[n]?.Item))];
        }

        return ApplyDecisions(operations, slots, decisions);
    }

    /// <summary>The slot of a key that exists; a key that has expired is removed.</summary>
    public StateSlot? Present(string key)
    {
        if (table.Find(key) is not { } slot)
        {
            return null;
        }

        if (!slot.Expires || slot.Item is not { } item || !rules.IsExpired(item))
        {
            return slot;
        }

        Expire(slot);
        return null;
    }

    /// <summary>Creates a key that does not exist. Returns false if no memory is left for it.</summary>
    public bool Add(string key, StateValue value, long expiresAt)
    {
        if (!HasRoom(ShardTable.SizeOf(key, value)))
        {
            return false;
        }

        Set(null, key, value, expiresAt);
        return true;
    }

    /// <summary>Sets the value of a key.</summary>
    /// <param name="slot">The slot of the key; null creates a new one.</param>
    /// <param name="joint">
    /// The change of several keys that this belongs to: readers see the new item when the whole change is made. Null for none.
    /// </param>
    public StateItem Set(StateSlot? slot, string key, StateValue value, long expiresAt, JointChange? joint = null)
    {
        var isNew = slot is null;
        slot ??= writes.NewSlot(key, events.IsPublished(key));
        var before = slot.Item;
        var item = StateItem.Of(key, value, ++_version, expiresAt, rules.Clock);
        item.Joint = joint is null ? null : new JointPart(joint, before);
        // First mark the change: if one of these steps fails, the value is not set, and Recover corrects the marks.
        writes.NoteChanged(slot);
        table.Expiring.Set(slot, expiresAt);
        table.MarkUsed(slot);
        slot.Item = item;
        table.Resize(slot, ShardTable.SizeOf(key, value));
        if (isNew)
        {
            table.Add(slot);
        }

        waiting.MarkReady(key);
        if (slot.IsPublished && joint is null)
        {
            events.Publish(before is null ? "created" : "changed", item);
        }

        return item;
    }

    /// <summary>Removes a key.</summary>
    /// <param name="type">The type of the event.</param>
    public void Remove(StateSlot slot, string type)
    {
        var before = slot.Item;
        writes.NoteRemoved(slot);
        table.Remove(slot);
        waiting.MarkReady(slot.Key);
        if (slot.IsPublished && before is { IsGone: false })
        {
            events.Publish(type, before, isRemoved: true);
        }
    }

    /// <summary>Removes keys whose time to live is over.</summary>
    /// <param name="limit">The maximum number of keys to remove.</param>
    /// <returns>Whether the limit was reached, so that more keys may have expired.</returns>
    public bool RemoveExpired(int limit)
    {
        while (limit > 0 && table.Expiring.FindExpired(rules.Now) is { } slot)
        {
            limit--;
            Expire(slot);
        }

        return limit == 0;
    }

    /// <summary>Corrects changes that a failure has left half made. Called after a failure and at the start.</summary>
    public void Recover()
    {
        writes.Recover();
        table.Recover(slot =>
        {
            if (slot.Item?.Joint is { IsMade: false } broken)
            {
                slot.Item = broken.Before;
                writes.NoteChanged(slot);
            }

            if (slot.Item is not { IsGone: false } item)
            {
                writes.NoteRemoved(slot);
                return null;
            }

            item.Joint = null;
            _version = Math.Max(_version, item.Version);
            return item;
        });
    }

    private void Expire(StateSlot slot)
    {
        _expired++;
        Remove(slot, "expired");
    }

    private StateResult[] ApplyDecisions(IReadOnlyList<StateOperation> operations, StateSlot?[] slots, StateDecision[] decisions)
    {
        var joint = new JointChange();
        var results = new StateResult[operations.Count];
        var changed = new List<(StateSlot Slot, string Type)>();
        for (var n = 0; n < operations.Count; n++)
        {
            var (slot, decision, key) = (slots[n], decisions[n], operations[n].Key.Value);
            var created = slot is null;
            if (decision.Outcome == StateOutcome.Stored)
            {
                var item = Set(slot, key, decision.Value, decision.ExpiresAt, joint);
                changed.Add((Present(key)!, created ? "created" : "changed"));
                results[n] = decision.Result(item, created);
            }
            else if (decision.Outcome == StateOutcome.Deleted)
            {
                // An item that means "no value". It becomes valid together with the whole change.
                var before = slot!.Item!;
                var gone = StateItem.Nothing(key, before.Version);
                gone.Joint = new JointPart(joint, before);
                slot.Item = gone;
                changed.Add((slot, "deleted"));
                results[n] = decision.Result(null, created: false);
            }
            else
            {
                NoteUnchanged(slot);
                results[n] = decision.Result(slot?.Item, created: false);
            }
        }

        WriteGroup.Join([.. changed.Select(change => change.Slot)]);
        joint.Make();
        foreach (var (slot, type) in changed)
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
            events.Publish(type, item, isRemoved: type == "deleted");
        }
    }

    private void NoteUnchanged(StateSlot? slot)
    {
        if (slot is not null)
        {
            writes.NoteUnchanged(slot);
        }
    }

    /// <summary>Whether there is memory for this many more bytes. If the policy allows it, keys are evicted to make room.</summary>
    private bool HasRoom(long more, params ReadOnlySpan<StateSlot?> spared)
    {
        var misses = 0;
        while (more > 0 && !memory.HasRoom(more))
        {
            if (rules.Options.WhenFull != StateFullPolicy.Evict
                || table.Expiring.LeastUsed(_random, EvictionSample) is not { } least
                || misses > EvictionSample)
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

    private static long Growth(StateSlot? slot, string key, StateValue value) => ShardTable.SizeOf(key, value) - (slot?.Size ?? 0);
}
