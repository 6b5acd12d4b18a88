using System.Collections.Concurrent;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// What one shard still has to write to state.db. Changed keys are collected, each once. At each write interval their latest values are given to
/// the writer, unless it has not committed the previous ones: a slow disk makes fewer writes, not a longer queue. The changes of durable
/// commands are written at the end of a batch of commands, in one transaction. The writer's queue keeps the order of versions.
/// The shard's alone, except <see cref="Committed"/> and <see cref="Retry"/>.
/// </summary>
/// <param name="time">Measures how long a write takes.</param>
/// <param name="send">Sends a command to the shard, which may not refuse it.</param>
internal sealed class WriteBehind(StateWriter writer, TimeProvider time, Action<StateCommand> send)
{
    /// <summary>Rows of one operation of the writer: operations of other files and shards run in between.</summary>
    private const int RowsPerOperation = 1_000;

    private const int BytesPerOperation = 1024 * 1024;

    private readonly DirtyKeys _dirty = new();

    // What the durable commands of this batch have changed, and these commands.
    private readonly HashSet<StateSlot> _durableSlots = [];
    private readonly List<StateCommand> _durableCommands = [];
    private bool _isDurable;

    // Slots of removed keys whose rows are not deleted yet.
    private readonly Dictionary<string, StateSlot> _removed = new(StringComparer.Ordinal);

    // Slots of rows that the restore has found to be obsolete.
    private readonly ConcurrentBag<StateSlot> _obsolete = [];

    private int _uncommitted;
    private long _startedAt;
    private long _pausedUntil;

    /// <summary>How many keys have changed since they were last given to the writer. Any thread.</summary>
    public int Unwritten => _dirty.Count;

    /// <summary>Whether durable commands wait for <see cref="WriteDurable"/>.</summary>
    public bool HasDurable => _durableCommands.Count > 0;

    /// <summary>Makes the slot of a new key.</summary>
    /// <param name="isPublished">Whether its changes become events.</param>
    public StateSlot NewSlot(string key, bool isPublished)
    {
        if (!_removed.Remove(key, out var previous))
        {
            return new StateSlot(key, writer.NextRow(), isPublished);
        }

        // The row of the removed key is taken over, so that a key never has two rows.
        (previous.IsDirty, previous.HasRow) = (false, false);
        var slot = new StateSlot(key, previous.Row, isPublished) { HasRow = true };
        if (_durableSlots.Remove(previous))
        {
            // A durable command waits for the deletion: replacing the row stores that too.
            _durableSlots.Add(slot);
        }

        return slot;
    }

    /// <summary>A command begins: its changes belong to it until <see cref="End"/>.</summary>
    public void Begin(StateCommand command) => _isDurable = command.IsDurable;

    public void End() => _isDurable = false;

    /// <summary>The key of this slot has changed, or is about to.</summary>
    public void NoteChanged(StateSlot slot)
    {
        NoteUnchanged(slot);
        _dirty.Add(slot);
    }

    /// <summary>The key of this slot is about to be removed.</summary>
    public void NoteRemoved(StateSlot slot)
    {
        NoteChanged(slot);
        if (slot.HasRow)
        {
            _removed[slot.Key] = slot;
        }
    }

    /// <summary>
    /// The command has found the key as it wants it. A durable command still waits for it: what was given to the writer may not be committed.
    /// </summary>
    public void NoteUnchanged(StateSlot slot)
    {
        if (_isDurable)
        {
            _durableSlots.Add(slot);
        }
    }

    /// <summary>The restore has found this row, whose key has a newer one: it is deleted. Several threads at once, before the start.</summary>
    public void NoteObsolete(StateSlot slot) => _obsolete.Add(slot);

    /// <summary>Forgets the obsolete rows: the restore has failed.</summary>
    public void ClearObsolete() => _obsolete.Clear();

    /// <summary>A command was run: its caller is answered now, or after the commit of its changes.</summary>
    public void Complete(StateCommand command)
    {
        if (command.IsDurable && _durableSlots.Count > 0)
        {
            _durableCommands.Add(command);
        }
        else
        {
            command.Complete();
        }
    }

    /// <summary>Gives the changes of this batch's durable commands to the writer.</summary>
    public void WriteDurable()
    {
        if (_durableCommands.Count == 0)
        {
            return;
        }

        var rows = _durableSlots.Where(slot => slot.NeedsWrite).Select(RowOf).ToArray();
        foreach (var deleted in rows.Where(row => row.Item is null))
        {
            _removed.Remove(deleted.Slot.Key);
        }

        var commands = _durableCommands.ToArray();
        _durableSlots.Clear();
        _durableCommands.Clear();
        writer.Write(new StoreKeys(rows, commands, this));
    }

    /// <summary>Gives all changed keys to the writer, unless it is busy with previous ones or pauses.</summary>
    /// <param name="evenWhenBusy">In any case: the actor stops.</param>
    public void WriteChanged(bool evenWhenBusy = false)
    {
        var now = time.GetTimestamp();
        if (_dirty.Count == 0 || (!evenWhenBusy && (Volatile.Read(ref _uncommitted) > 0 || now < Volatile.Read(ref _pausedUntil))))
        {
            return;
        }

        _startedAt = now;
        var slots = _dirty.InRowOrder();
        for (var first = 0; first < slots.Count;)
        {
            var rows = new List<StateRow>(Math.Min(RowsPerOperation, slots.Count - first));
            for (var bytes = 0L; rows.Count < rows.Capacity && bytes < BytesPerOperation; first++)
            {
                bytes += slots[first].Size;
                rows.Add(RowOf(slots[first]));
            }

            Interlocked.Increment(ref _uncommitted);
            writer.Write(new StoreKeys(rows, [], this));
        }

        _dirty.Clear();
        _removed.Clear();
    }

    /// <summary>An operation of <see cref="WriteChanged"/> is committed, or refused. Any thread.</summary>
    public void Committed()
    {
        if (Interlocked.Decrement(ref _uncommitted) == 0)
        {
            // The pause is as long as the write was: even when keys change all the time, writing takes half of a core at most.
            var now = time.GetTimestamp();
            Volatile.Write(ref _pausedUntil, now + now - _startedAt);
        }
    }

    /// <summary>The writer has refused these rows: they are to be written again. Any thread.</summary>
    public void Retry(IReadOnlyList<StateRow> rows) => send(new RetryRows(rows));

    /// <summary>After a failure, or at the start: no command is under way, and obsolete rows are to be deleted.</summary>
    public void Recover()
    {
        _isDurable = false;
        while (_obsolete.TryTake(out var slot))
        {
            slot.Item = null;
            NoteChanged(slot);
        }
    }

    /// <summary>Gives back memory, when it had far more keys to write than there are now.</summary>
    /// <param name="keys">Keys there are.</param>
    /// <param name="fewKeys">The memory of so many keys is not worth it.</param>
    public void Trim(int keys, int fewKeys)
    {
        if (_dirty.Count == 0 && _dirty.Capacity > fewKeys && keys < _dirty.Capacity / 8)
        {
            _dirty.Trim();
            _removed.TrimExcess();
            _durableSlots.TrimExcess();
        }
    }

    private static StateRow RowOf(StateSlot slot)
    {
        slot.IsDirty = false;
        slot.HasRow = true;
        // As readers see it: a change of several keys may have failed half way.
        return new StateRow(slot, slot.Read());
    }
}
