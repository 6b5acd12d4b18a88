using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// One shard: what its actor works on, and what stays when the actor is restarted or stopped. The actor calls <see cref="Attach"/>, then
/// <see cref="Work"/>, <see cref="Beat"/> and <see cref="Alarm"/>; other threads read the <see cref="Table"/> and add to the <see cref="Queue"/>.
/// A failure costs the command that was running, which is refused; the next incarnation puts half a change right.
/// </summary>
internal sealed class StateShard
{
    /// <summary>Operations of one turn: some tens of microseconds. A single command may have as many more.</summary>
    private const int OperationsPerTurn = 256;

    private const int ExpiriesPerTurn = 1_000;

    private readonly List<(string Key, TimeSpan After)> _alarms = [];
    private StateCommand? _running;
    private object? _owner;

    public StateShard(int number, StateRules rules, StateMemory memory, StateEvents events, StateWriter writer)
    {
        (Number, Rules) = (number, rules);
        Queue = new CommandQueue(rules.Options.MaxPending);
        Waiting = new WaitList(rules.Options.MaxWaiters);
        Table = new ShardTable(rules);
        Writes = new WriteBehind(writer, rules.Time, Queue.EnqueueAdmitted);
        Keys = new KeyChanges(rules, memory, events, Table, Writes, Waiting);
    }

    public int Number { get; }

    public StateRules Rules { get; }

    /// <summary>Its commands. Any thread adds.</summary>
    public CommandQueue Queue { get; }

    /// <summary>Its keys as readers see them. Any thread reads.</summary>
    public ShardTable Table { get; }

    /// <summary>Changes its keys. For commands.</summary>
    public KeyChanges Keys { get; }

    /// <summary>What is still to be written.</summary>
    public WriteBehind Writes { get; }

    /// <summary>Commands that wait for a key.</summary>
    public WaitList Waiting { get; }

    /// <summary>Any thread.</summary>
    public StateFigures Figures => new(
        Number, Table.Count, Table.Bytes, Table.Hits, Table.Misses, Keys.Expired, Keys.Evicted, Queue.Pending, Waiting.Count, Writes.Unwritten);

    /// <summary>Adds a key as it was stored, before the actor starts. Several threads at once.</summary>
    public void Load(StateSlot slot, StateItem item)
    {
        if (Table.Load(slot, item) is { } obsolete)
        {
            Writes.NoteObsolete(obsolete);
        }
    }

    /// <summary>Forgets all loaded keys: the restore has failed.</summary>
    public void Clear()
    {
        Table.Clear();
        Writes.ClearObsolete();
    }

    /// <summary>A new incarnation of the actor begins. A previous one that is stuck does nothing more from now on.</summary>
    /// <param name="owner">This incarnation.</param>
    /// <param name="wake">Sends it a message that there is work.</param>
    public void Attach(object owner, Action wake)
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

        Queue.Attach(wake);
    }

    /// <summary>Refuses all commands from now on, waiting commands too. The actor is stopped.</summary>
    public void Close(string reason)
    {
        Queue.Close(reason);
        Interlocked.Exchange(ref _running, null)?.Refuse(reason);
        Waiting.RefuseAll(reason);
    }

    /// <summary>Runs some pending commands and the waiting ones that they make ready, then writes the durable changes.</summary>
    /// <param name="owner">The incarnation that calls.</param>
    /// <returns>Whether more commands are pending.</returns>
    public bool Work(object owner)
    {
        var left = OperationsPerTurn;
        while (left > 0 && _owner == owner && Queue.TryDequeue(out var command))
        {
            left -= command.Operations;
            Begin(command);
            if (command.Run(this))
            {
                Writes.Complete(command);
            }

            End();
            ServeWaiting();
        }

        if (_owner != owner)
        {
            // This incarnation was stuck and is abandoned: another one works here.
            return false;
        }

        Writes.WriteDurable();
        return !Queue.TrySleep();
    }

    /// <summary>A write interval is over: writes what has changed, and removes expired keys.</summary>
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

    /// <summary>Gives all changes to the writer, even when it is busy: the actor stops.</summary>
    public void Flush()
    {
        Writes.WriteDurable();
        Writes.WriteChanged(evenWhenBusy: true);
    }

    /// <summary>A key that commands wait for may have expired: removes it, and serves them.</summary>
    public void Alarm(string key)
    {
        Keys.Present(key);
        ServeWaiting();
        SetAlarm(key);
        Writes.WriteDurable();
    }

    /// <summary>The alarms that were set since the last call: when <see cref="Alarm"/> must be called for which key.</summary>
    public IReadOnlyList<(string Key, TimeSpan After)> TakeAlarms()
    {
        if (_alarms.Count == 0)
        {
            return [];
        }

        var taken = _alarms.ToArray();
        _alarms.Clear();
        return taken;
    }

    /// <summary>Lets a command wait for a key; false when too many wait.</summary>
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
                // The actor has failed in this command. The next one must not wait for it.
                Waiting.Remove(key, first);
                Waiting.MarkReady(key);
                continue;
            }

            // One command is enough: serving it changes the key, which makes the key ready for the next one.
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
