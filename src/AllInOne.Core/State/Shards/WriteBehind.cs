using System.Collections.Concurrent;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The changes of one shard that are not written to state.db yet. Each changed key is collected once. At each write interval, the latest values are
/// given to the writer, unless it has not committed the previous ones: so a slow disk causes fewer writes, not a longer queue. The changes of durable
/// commands are written at the end of a batch of commands, in one transaction. The queue of the writer keeps the order of versions. Only the shard's
/// actor uses this object, except <see cref="Committed"/> and <see cref="Retry"/>.
/// </summary>
/// <param name="time">Measures the duration of a write.</param>
/// <param name="send">Sends a command to the shard. The inbox must not refuse it.</param>
internal sealed class WriteBehind(StateWriter writer, TimeProvider time, Action<StateCommand> send)
{
    /// <summary>The maximum number of rows in one operation of the writer. Operations of other files and shards run in between.</summary>
    private const int RowsPerOperation = 1_000;

    private const int BytesPerOperation = 1024 * 1024;

    private readonly DirtyKeys _dirty = new();

    // The slots that the durable commands of this batch have changed, and these commands.
    private readonly HashSet<StateSlot> _durableSlots = [];
    private readonly List<StateCommand> _durableCommands = [];
    private bool _isDurable;

    // Slots of removed keys whose rows are not deleted yet.
    private readonly Dictionary<string, StateSlot> _removed = new(StringComparer.Ordinal);

    // Slots of rows that were found obsolete during the restore.
    private readonly ConcurrentBag<StateSlot> _obsolete = [];

    private int _uncommitted;
    private long _startedAt;
    private long _pausedUntil;

    /// <summary>The number of keys that have changed since they were last given to the writer. Any thread may read it.</summary>
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
        previous.Group?.Add(slot);
        if (_durableSlots.Remove(previous))
        {
            // A durable command waits for the deletion: replacing the row stores that too.
            _durableSlots.Add(slot);
        }

        return slot;
    }

    /// <summary>Begins a command: the changes belong to it until <see cref="End"/>.</summary>
    public void Begin(StateCommand command) => _isDurable = command.IsDurable;

    public void End() => _isDurable = false;

    /// <summary>Marks the key of this slot as changed. Called before or after the change.</summary>
    public void NoteChanged(StateSlot slot)
    {
        NoteUnchanged(slot);
        _dirty.Add(slot);
    }

    /// <summary>Marks the key of this slot as removed. Called before the removal.</summary>
    public void NoteRemoved(StateSlot slot)
    {
        NoteChanged(slot);
        if (slot.HasRow)
        {
            _removed[slot.Key] = slot;
        }
    }

    /// <summary>
    /// Notes that the key already has the state that the command requests. A durable command still waits for the key, because an earlier change of it
    /// may not be committed yet.
    /// </summary>
    public void NoteUnchanged(StateSlot slot)
    {
        if (_isDurable)
        {
            _durableSlots.Add(slot);
        }
    }

    /// <summary>
    /// Notes an obsolete row: another row has a newer version of its key, so this row must be deleted. Called during the restore, by several threads
    /// at once.
    /// </summary>
    public void NoteObsolete(StateSlot slot) => _obsolete.Add(slot);

    /// <summary>Forgets the obsolete rows, because the restore has failed.</summary>
    public void ClearObsolete() => _obsolete.Clear();

    /// <summary>Answers the caller of a command that has run: now, or after the commit of its changes.</summary>
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

        var rows = new List<StateRow>(_durableSlots.Count);
        foreach (var slot in _durableSlots.Where(slot => slot.NeedsWrite))
        {
            // Also if it was given to the writer before: that commit may not survive a loss of power.
            slot.IsDirty = true;
            Take(slot, rows);
        }

        foreach (var deleted in rows.Where(row => row.Item is null))
        {
            _removed.Remove(deleted.Slot.Key);
        }

        var commands = _durableCommands.ToArray();
        _durableSlots.Clear();
        _durableCommands.Clear();
        writer.Write(new StoreKeys(rows, commands, this));
    }

    /// <summary>Gives all changed keys to the writer, unless the writer is busy with previous ones or pauses.</summary>
    /// <param name="evenWhenBusy">True to write in any case, because the actor stops.</param>
    public void WriteChanged(bool evenWhenBusy = false)
    {
        var now = time.GetTimestamp();
        if (_dirty.Count == 0 || (!evenWhenBusy && (Volatile.Read(ref _uncommitted) > 0 || now < Volatile.Read(ref _pausedUntil))))
        {
            return;
        }

        _startedAt = now;
        var slots = _dirty.InRowOrder();
        for (var next = 0; next < slots.Count;)
        {
            var rows = new List<StateRow>(Math.Min(RowsPerOperation, slots.Count - next));
            for (var bytes = 0L; next < slots.Count && rows.Count < RowsPerOperation && bytes < BytesPerOperation; next++)
            {
                bytes += Take(slots[next], rows);
            }

            if (rows.Count > 0)
            {
                Interlocked.Increment(ref _uncommitted);
                writer.Write(new StoreKeys(rows, [], this));
            }
        }

        _dirty.Clear();
        _removed.Clear();
    }

    /// <summary>Called when an operation of <see cref="WriteChanged"/> is committed or refused. Thread-safe.</summary>
    public void Committed()
    {
        if (Interlocked.Decrement(ref _uncommitted) == 0)
        {
            // The pause is as long as the write was: even if keys change all the time, writing takes at most half of a core.
            var now = time.GetTimestamp();
            Volatile.Write(ref _pausedUntil, now + now - _startedAt);
        }
    }

    /// <summary>Requests to write these rows again, because the writer has refused them. Thread-safe.</summary>
    public void Retry(IReadOnlyList<StateRow> rows) => send(new RetryRows(rows));

    /// <summary>Starts again after a failure, or at the start: no command is active, and obsolete rows must be deleted.</summary>
    public void Recover()
    {
        _isDurable = false;
        while (_obsolete.TryTake(out var slot))
        {
            slot.Item = null;
            NoteChanged(slot);
        }
    }

    /// <summary>Releases memory if far more keys had to be written before than the shard has now.</summary>
    /// <param name="keys">The present number of keys.</param>
    /// <param name="fewKeys">For this number of keys or fewer, releasing memory is not worth the work.</param>
    public void Trim(int keys, int fewKeys)
    {
        if (_dirty.Count == 0 && _dirty.Capacity > fewKeys && keys < _dirty.Capacity / 8)
        {
            _dirty.Trim();
            _removed.TrimExcess();
            _durableSlots.TrimExcess();
        }
    }

    /// <summary>Adds the rows of a slot and of its group, if they are not added yet.</summary>
    /// <returns>How many bytes were added.</returns>
    private static long Take(StateSlot slot, List<StateRow> rows)
    {
        if (slot.Group is not { } group)
        {
            return TakeOne(slot, null, rows);
        }

        var bytes = group.Slots.Sum(one => TakeOne(one, group, rows));
        group.Dissolve();
        return bytes;
    }

    private static long TakeOne(StateSlot slot, WriteGroup? group, List<StateRow> rows)
    {
        if (!slot.IsDirty || !slot.NeedsWrite)
        {
            return 0;
        }

        (slot.IsDirty, slot.HasRow) = (false, true);
        // As readers see it: a change of several keys may have failed half way.
        rows.Add(new StateRow(slot, slot.Read(), group));
        return slot.Size;
    }
}
