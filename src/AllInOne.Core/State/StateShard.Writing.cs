using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State;

/// <summary>
/// What is still to be written. A key that has changed is noted once, however often it changes; a beat gives the latest values of all noted
/// keys to the writer of state.db, unless what was given to it before is not committed yet: so a slow disk makes for fewer writes, not for
/// a longer queue. Durable changes go at the end of the turn, in one transaction; the writer's queue keeps the order of versions.
/// </summary>
internal sealed partial class StateShard
{
    /// <summary>In one operation of the writer, so that other files' and shards' work gets in between.</summary>
    private const int RowsAtOnce = 1_000;

    private const int BytesAtOnce = 1024 * 1024;

    private const int EndedPerTurn = 1_000;

    /// <summary>So many notes are not looked through.</summary>
    private const int FewNotes = 10_000;

    private readonly List<StateSlot> _dirty = [];
    private readonly List<long> _order = [];
    private readonly HashSet<StateSlot> _durableSlots = [];

    // Places of keys that were taken away, until the deletion of their rows is given to the writer.
    private readonly Dictionary<string, StateSlot> _ghosts = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<StateSlot> _orphans = [];
    private readonly List<StateCommand> _durable = [];
    private bool _collects;
    private int _looksThroughAt = FewNotes;
    private int _beingWritten;
    private long _lotBegan;
    private long _restsUntil;

    /// <summary>A beat of the write interval: gives what has changed to the writer, and takes away what has ended.</summary>
    /// <returns>Whether there is more that has ended.</returns>
    public bool Beat()
    {
        Volatile.Write(ref _beat, _beat + 1);
        WriteBehind();
        var ended = EndedPerTurn;
        while (ended > 0 && _expiring.FindEnded(_rules.Now) is { } slot)
        {
            ended--;
            Expire(slot);
        }

        ServeWaiting();
        StoreDurable();
        Shrink();
        return ended == 0;
    }

    /// <summary>Gives all that is noted to the writer, whatever it still has in hand: the actor stops.</summary>
    public void Flush()
    {
        StoreDurable();
        WriteBehind(whateverIsInHand: true);
    }

    /// <summary>These were not written after all. From any thread: by the queue.</summary>
    public void NotWritten(IReadOnlyList<StateRow> rows) => Insist(new NoteAgain(rows));

    public void NoteAgain(IReadOnlyList<StateRow> rows)
    {
        // Also where it has changed since: it is then noted already. A row that another place has taken over is written by that one.
        foreach (var row in rows)
        {
            Note(row.Slot);
        }
    }

    /// <summary>A place for a key that is not there: with the row of its predecessor, if that is not deleted yet, so that a key never has two.</summary>
    private StateSlot NewSlot(string key)
    {
        if (!_ghosts.Remove(key, out var ghost))
        {
            return new StateSlot(key, _writer.NextRow(), _events.Tells(key));
        }

        (ghost.IsDirty, ghost.HasRow) = (false, false);
        var slot = new StateSlot(key, ghost.Row, ghost.IsPublished) { HasRow = true };
        if (_durableSlots.Remove(ghost))
        {
            // Somebody is to be told that the deletion is stored: it is, by whatever takes the place of the row.
            _durableSlots.Add(slot);
        }

        return slot;
    }

    private void NoteGone(StateSlot slot)
    {
        Note(slot);
        if (slot.HasRow)
        {
            _ghosts[slot.Key] = slot;
        }
    }

    private void Note(StateSlot slot)
    {
        if (_collects)
        {
            _durableSlots.Add(slot);
        }

        if (!slot.IsDirty)
        {
            slot.IsDirty = true;
            _dirty.Add(slot);
            if (_dirty.Count >= _looksThroughAt)
            {
                LookThroughNotes();
            }
        }
    }

    /// <summary>
    /// It is as a durable command wants it, but not known to be stored: what was given to the writer may not be committed yet.
    /// </summary>
    private void NoteUnchanged(StateSlot? slot)
    {
        if (_collects && slot is not null)
        {
            _durableSlots.Add(slot);
        }
    }

    /// <summary>
    /// While the writer is away keys come and go, each leaving a note: those with nothing to be written are dropped, so that there are no more
    /// than twice as many as there are keys.
    /// </summary>
    private void LookThroughNotes()
    {
        var kept = 0;
        for (var n = 0; n < _dirty.Count; n++)
        {
            var slot = _dirty[n];
            if (slot.IsDirty && (slot.HasRow || slot.Item is not null || n == _dirty.Count - 1))
            {
                // A note that is there twice is kept once.
                slot.IsDirty = false;
                _dirty[kept++] = slot;
            }
        }

        _dirty.RemoveRange(kept, _dirty.Count - kept);
        _dirty.ForEach(slot => slot.IsDirty = true);
        _looksThroughAt = Math.Max(FewNotes, 2 * kept);
    }

    /// <summary>A command has been run: its caller is told now, or after the commit of what it has changed.</summary>
    private void Finish(StateCommand command)
    {
        if (command.IsDurable && _durableSlots.Count > 0)
        {
            _durable.Add(command);
        }
        else
        {
            command.Complete();
        }
    }

    private void StoreDurable()
    {
        if (_durable.Count == 0)
        {
            return;
        }

        var rows = _durableSlots.Where(slot => slot.HasRow || slot.Item is not null).Select(Take).ToArray();
        foreach (var gone in rows.Where(row => row.Item is null))
        {
            _ghosts.Remove(gone.Slot.Key);
        }

        var waiting = _durable.ToArray();
        _durableSlots.Clear();
        _durable.Clear();
        _writer.Write(new StoreKeys(rows, waiting, this));
    }

    private void WriteBehind(bool whateverIsInHand = false)
    {
        var now = _rules.Timestamp;
        if (_dirty.Count == 0 || (!whateverIsInHand && (Volatile.Read(ref _beingWritten) > 0 || now < Volatile.Read(ref _restsUntil))))
        {
            return;
        }

        _lotBegan = now;

        // Not those that a durable write has taken along, nor those that came and went.
        _dirty.RemoveAll(slot => !slot.IsDirty || (!slot.HasRow && slot.Item is null));
        SortNotes();
        for (var first = 0; first < _dirty.Count;)
        {
            var rows = new List<StateRow>(Math.Min(RowsAtOnce, _dirty.Count - first));
            for (var bytes = 0L; rows.Count < rows.Capacity && bytes < BytesAtOnce; first++)
            {
                bytes += _dirty[first].Size;
                rows.Add(Take(_dirty[first]));
            }

            Interlocked.Increment(ref _beingWritten);
            _writer.Write(new StoreKeys(rows, [], this));
        }

        _dirty.Clear();
        _looksThroughAt = FewNotes;
        _ghosts.Clear();
    }

    /// <summary>In the order of the file: page by page.</summary>
    private void SortNotes()
    {
        // Kept: a new one at each beat would be large enough for a collection of everything.
        _order.Clear();
        _order.AddRange(_dirty.Select(slot => slot.Row));
        CollectionsMarshal.AsSpan(_order).Sort(CollectionsMarshal.AsSpan(_dirty));
    }

    /// <summary>What was given to the writer is committed, or refused. Any thread.</summary>
    public void Written()
    {
        if (Interlocked.Decrement(ref _beingWritten) == 0)
        {
            // As long as it has worked: of what is written again and again, half a core's time goes to those who change it.
            var now = _rules.Timestamp;
            Volatile.Write(ref _restsUntil, now + now - _lotBegan);
        }
    }

    private static StateRow Take(StateSlot slot)
    {
        slot.IsDirty = false;
        slot.HasRow = true;
        // As readers see it: a change of many keys may have broken off.
        return new StateRow(slot, slot.Read());
    }

    /// <summary>
    /// The notes anew, from the table and from what is known to be written: at the start of the actor, where nothing may be left half done.
    /// </summary>
    private void Recover()
    {
        _expiring.Clear();
        _collects = false;
        var (count, bytes) = (0, 0L);
        foreach (var slot in _table.All())
        {
            if (slot.Item?.Joint is { IsMade: false } broken)
            {
                slot.Item = broken.Before;
                Note(slot);
            }

            if (slot.Item is not { IsGone: false } item)
            {
                _table.Remove(slot);
                _removals++;
                slot.Item = null;
                NoteGone(slot);
                continue;
            }

            item.Joint = null;
            slot.Size = SizeOf(item.Key, item.Value);
            count++;
            bytes += slot.Size;
            _expiring.Set(slot, item.ExpiresAt);
            _version = Math.Max(_version, item.Version);
        }

        while (_orphans.TryTake(out var orphan))
        {
            orphan.Item = null;
            Note(orphan);
        }

        (_count, _bytes) = (count, bytes);
        _mostKeys = Math.Max(_mostKeys, _count);
        RecoverWaiting();
    }
}
