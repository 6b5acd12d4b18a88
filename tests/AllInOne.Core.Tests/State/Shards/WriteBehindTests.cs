using AllInOne.Core.State;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Shards;
using AllInOne.Core.State.Storing;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Tests.State.Shards;

/// <summary>The writes that the writer gets, and their times. The writer is a list here.</summary>
public sealed class WriteBehindTests
{
    private readonly FakeClock _time = new();
    private readonly List<WriteOperation<SqliteSession>> _written = [];
    private readonly List<StateCommand> _enqueued = [];
    private readonly WriteBehind _writes;

    public WriteBehindTests() => _writes = new WriteBehind(new StateWriter(_written.Add), _time, _enqueued.Add);

    [Fact]
    public void A_key_that_changes_often_is_written_once()
    {
        var slot = Store("k");
        _writes.NoteChanged(slot);
        _writes.NoteChanged(slot);
        Assert.Equal(1, _writes.Unwritten);
        _writes.WriteChanged();

        Assert.Equal((1, 0), (Assert.Single(_written).Rows, _writes.Unwritten));
    }

    [Fact]
    public void Nothing_more_is_written_until_the_previous_write_is_committed_and_a_pause_as_long_is_over()
    {
        Store("a");
        _writes.WriteChanged();
        Store("b");
        _writes.WriteChanged();
        Assert.Single(_written);

        _time.Advance(TimeSpan.FromSeconds(2));
        _written[0].Answer();
        _writes.WriteChanged();
        Assert.Single(_written);

        _time.Advance(TimeSpan.FromSeconds(2));
        _writes.WriteChanged();
        Assert.Equal(2, _written.Count);
    }

    [Fact]
    public void A_stop_writes_even_while_the_writer_is_busy()
    {
        Store("a");
        _writes.WriteChanged();
        Store("b");
        _writes.WriteChanged(evenWhenBusy: true);

        Assert.Equal(2, _written.Count);
    }

    [Fact]
    public void A_key_that_was_made_and_removed_before_it_was_written_is_not_written()
    {
        var slot = Store("k");
        Remove(slot);
        _writes.WriteChanged();

        Assert.Empty(_written);
    }

    [Fact]
    public void A_key_that_is_made_again_takes_over_the_row_of_the_removed_one()
    {
        var slot = Store("k");
        _writes.WriteChanged();
        Remove(slot);
        var again = Store("k");
        var after = Store("after");
        _written[0].Answer();
        _writes.WriteChanged();

        Assert.Equal((slot.Row, true), (again.Row, after.Row != slot.Row));
        Assert.Equal(2, _written[1].Rows);
    }

    [Fact]
    public void Many_keys_are_written_in_several_operations()
    {
        for (var n = 0; n < 2_500; n++)
        {
            Store($"k{n}");
        }

        _writes.WriteChanged();
        Assert.Equal([1_000, 1_000, 500], _written.Select(operation => operation.Rows));
    }

    [Fact]
    public void Keys_that_were_changed_together_are_in_one_operation()
    {
        var slots = Enumerable.Range(0, 2_500).Select(n => Store($"k{n}")).ToList();
        WriteGroup.Join([.. slots.Take(700)]);
        WriteGroup.Join([.. slots.Skip(2_000)]);
        WriteGroup.Join([slots[0], slots[^1]]);
        _writes.WriteChanged();

        Assert.Equal([1_200, 1_000, 300], _written.Select(operation => operation.Rows));
    }

    [Fact]
    public void A_durable_write_includes_the_keys_that_were_changed_together_with_its_own()
    {
        var (first, second) = (Store("first"), Store("second"));
        WriteGroup.Join([first, second]);
        WriteDurably(first);
        _writes.WriteChanged();

        Assert.Equal(2, Assert.Single(_written).Rows);
    }

    [Fact]
    public void A_key_that_is_made_again_stays_in_the_group_of_the_removed_one()
    {
        var (first, second) = (Store("first"), Store("second"));
        _writes.WriteChanged();
        _written[0].Answer();
        _writes.NoteChanged(first);
        WriteGroup.Join([first, second]);
        Remove(second);
        Store("second");
        WriteDurably(first);

        Assert.Equal(2, _written[1].Rows);
    }

    [Fact]
    public void A_durable_command_is_answered_after_the_commit_of_its_change()
    {
        var command = new ProbeCommand(isDurable: true);
        _writes.Begin(command);
        Store("k");
        _writes.Complete(command);
        _writes.End();
        _writes.WriteDurable();
        Assert.Null(command.Answer);
        Assert.True(Assert.Single(_written).IsDurable);
        _written[0].Answer();
        _writes.WriteChanged();

        Assert.Equal("done", command.Answer);
        Assert.Single(_written);
    }

    [Fact]
    public void A_command_that_is_not_durable_or_changes_nothing_is_answered_at_once()
    {
        var (plain, without) = (new ProbeCommand(), new ProbeCommand(isDurable: true));
        _writes.Begin(plain);
        Store("k");
        _writes.Complete(plain);
        _writes.End();
        _writes.Begin(without);
        _writes.Complete(without);
        _writes.End();

        Assert.Equal(("done", "done"), (plain.Answer, without.Answer));
    }

    [Fact]
    public void A_durable_command_that_changes_nothing_waits_for_a_commit_of_the_key()
    {
        var slot = Store("k");
        var command = new ProbeCommand(isDurable: true);
        _writes.Begin(command);
        _writes.NoteUnchanged(slot);
        _writes.Complete(command);
        _writes.End();
        Assert.Null(command.Answer);
        _writes.WriteDurable();
        _written[0].Answer();

        Assert.Equal("done", command.Answer);
    }

    [Fact]
    public void Refused_rows_are_returned_as_a_command()
    {
        Store("k");
        _writes.WriteChanged();
        _written[0].Refuse("refused by a test");

        Assert.IsType<RetryRows>(Assert.Single(_enqueued));
    }

    [Fact]
    public void Removed_keys_leave_no_notes_behind_while_the_writer_is_unavailable()
    {
        for (var n = 0; n < 50_000; n++)
        {
            Remove(Store($"k{n}"));
        }

        Assert.InRange(_writes.Unwritten, 1, 10_000);
    }

    [Fact]
    public void A_group_does_not_grow_for_ever_while_the_writer_is_unavailable()
    {
        var kept = Store("kept");
        for (var n = 0; n < 20_000; n++)
        {
            var slot = Store($"k{n}");
            WriteGroup.Join([kept, slot]);
            Remove(slot);
        }

        Assert.InRange(kept.Group!.Slots.Count, 1, 2_000);
        _writes.WriteChanged();
        Assert.Equal(1, _written.Sum(operation => operation.Rows));
    }

    private void WriteDurably(StateSlot slot)
    {
        var command = new ProbeCommand(isDurable: true);
        _writes.Begin(command);
        _writes.NoteChanged(slot);
        _writes.Complete(command);
        _writes.End();
        _writes.WriteDurable();
    }

    private StateSlot Store(string key)
    {
        var slot = _writes.NewSlot(key, isPublished: false);
        _writes.NoteChanged(slot);
        slot.Item = StateItem.Of(key, new StateValue("1"u8.ToArray()), 1, StateItem.Never, new SteadyClock(_time));
        return slot;
    }

    private void Remove(StateSlot slot)
    {
        _writes.NoteRemoved(slot);
        slot.Item = null;
    }
}
