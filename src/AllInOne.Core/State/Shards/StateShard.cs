using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The keys of one shard, with all that its actor works on. It outlives the actor. Only the actor changes it: it calls <see cref="Attach"/>, then
/// <see cref="Run"/>, <see cref="EndBatch"/>, <see cref="Beat"/> and <see cref="Alarm"/>. Other threads read the <see cref="Table"/> and send commands
/// to the <see cref="Inbox"/>. If a command fails, only this command is refused, and the next incarnation corrects a change that was half made.
/// </summary>
internal sealed class StateShard
{
    private const int ExpiriesPerTurn = 1_000;

    private readonly List<(string Key, TimeSpan After)> _alarms = [];
    private StateCommand? _running;
    private object? _owner;

    public StateShard(int number, StateRules rules, StateMemory memory, StateEvents events, StateWriter writer)
    {
        (Number, Rules) = (number, rules);
        Inbox = new ShardInbox($"/user/state/{number}", rules.Options.MaxPending);
        Waiting = new WaitList(rules.Options.MaxWaiters);
        Table = new ShardTable(rules);
        Writes = new WriteBehind(writer, rules.Time, Inbox.SendAdmitted);
        Keys = new KeyChanges(rules, memory, events, Table, Writes, Waiting);
    }

    public int Number { get; }

    public StateRules Rules { get; }

    /// <summary>The way to its actor. Thread-safe.</summary>
    public ShardInbox Inbox { get; }

    /// <summary>The keys as readers see them. Any thread may read.</summary>
    public ShardTable Table { get; }

    /// <summary>The changes of the keys, for commands.</summary>
    public KeyChanges Keys { get; }

    /// <summary>The changes that are not written yet.</summary>
    public WriteBehind Writes { get; }

    /// <summary>The commands that wait for a key.</summary>
    public WaitList Waiting { get; }

    /// <summary>The figures of the shard. Any thread may read them.</summary>
    public StateFigures Figures => new(
        Number, Table.Count, Table.Bytes, Table.Hits, Table.Misses, Keys.Expired, Keys.Evicted, Inbox.Pending, Waiting.Count, Writes.Unwritten);

    /// <summary>Adds a key as it was stored, before the actor starts. Several threads may call it at once.</summary>
    public void Load(StateSlot slot, StateItem item)
    {
        if (Table.Load(slot, item) is { } obsolete)
        {
            Writes.NoteObsolete(obsolete);
        }
    }

    /// <summary>Forgets all loaded keys, because the restore has failed.</summary>
    public void Clear()
    {
        Table.Clear();
        Writes.ClearObsolete();
    }

    /// <summary>Begins a new incarnation of the actor. From now on, a previous incarnation that is stuck has no effect.</summary>
    /// <param name="owner">The new incarnation.</param>
    public void Attach(object owner)
    {
        _owner = owner;
        if (Interlocked.Exchange(ref _running, null) is { } broken)
        {
            broken.Refuse($"Shard {Number} failed in this command.");
        }

        Keys.Recover();
        Waiting.MarkAllReady();
        foreach (var key in Waiting.Keys)
        {
            SetAlarm(key);
        }
    }

    /// <summary>Refuses all commands from now on, including waiting commands, because the actor is stopped.</summary>
    public void Close(string reason)
    {
        Inbox.Close(reason);
        Interlocked.Exchange(ref _running, null)?.Refuse(reason);
        Waiting.RefuseAll(reason);
    }

    /// <summary>Runs a command, and the waiting commands that it makes ready.</summary>
    /// <param name="owner">The incarnation that calls.</param>
    public void Run(object owner, StateCommand command)
    {
        Begin(command);
        var isDone = command.Run(this);
        if (_owner != owner)
        {
            // This incarnation was stuck in the command and is abandoned: another incarnation works here now.
            return;
        }

        if (isDone)
        {
            Writes.Complete(command);
        }

        End();
        ServeWaiting();
    }

    /// <summary>Writes the durable changes of all commands since the last call.</summary>
    /// <param name="owner">The incarnation that calls.</param>
    public void EndBatch(object owner)
    {
        if (_owner == owner)
        {
            Writes.WriteDurable();
        }
    }

    /// <summary>Ends a write interval: writes the changed keys and removes expired keys.</summary>
    /// <returns>Whether more keys have expired.</returns>
    public bool Beat()
    {
        Table.Beat();
        Writes.WriteChanged();
        var isMore = Keys.RemoveExpired(ExpiriesPerTurn);
        ServeWaiting();
        Writes.WriteDurable();
        Writes.Trim(Table.Count, ShardTable.FewKeys);
        Table.Trim();
        return isMore;
    }

    /// <summary>Gives all changes to the writer, even if the writer is busy, because the actor stops.</summary>
    public void Flush()
    {
        Writes.WriteDurable();
        Writes.WriteChanged(evenWhenBusy: true);
    }

    /// <summary>Removes a key that has expired and serves the commands that wait for it. Called when an alarm is due.</summary>
    public void Alarm(string key)
    {
        Keys.Present(key);
        ServeWaiting();
        SetAlarm(key);
        Writes.WriteDurable();
    }

    /// <summary>
    /// Takes the alarms that were set since the last call: the key, and the delay after which <see cref="Alarm"/> must be called for it.
    /// </summary>
    public (string Key, TimeSpan After)[] TakeAlarms()
    {
        if (_alarms.Count == 0)
        {
            return [];
        }

        var taken = _alarms.ToArray();
        _alarms.Clear();
        return taken;
    }

    /// <summary>Lets a command wait for a key. Returns false if too many commands wait.</summary>
    public bool Wait(string key, StateCommand command)
    {
        if (!Waiting.Add(key, command))
        {
            return false;
        }

        SetAlarm(key);
        return true;
    }

    private void ServeWaiting()
    {
        while (Waiting.TakeReady() is var (key, first))
        {
            if (first.IsCompleted)
            {
                // The actor has failed in this command. The next command must not wait for it.
                Waiting.Remove(key, first);
                Waiting.MarkReady(key);
                continue;
            }

            // One command is enough: it changes the key, and this makes the key ready for the next command.
            Begin(first);
            if (first.Serve(this))
            {
                Waiting.Remove(key, first);
                Writes.Complete(first);
                SetAlarm(key);
            }

            End();
        }
    }

    private void SetAlarm(string key)
    {
        if (Waiting.Contains(key) && Keys.Present(key)?.Item is { ExpiresAt: not StateItem.Never and var end })
        {
            _alarms.Add((key, TimeSpan.FromMicroseconds(Math.Max(0, end - Rules.Now))));
        }
    }

    private void Begin(StateCommand command)
    {
        _running = command;
        Writes.Begin(command);
    }

    private void End()
    {
        _running = null;
        Writes.End();
    }
}
