using AllInOne.Core.State.Shards;
using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State.Commands;

/// <summary>Marks rows that the writer has refused as changed again. No caller waits for it.</summary>
internal sealed class RetryRows(IReadOnlyList<StateRow> rows) : StateCommand
{
    public override bool Run(StateShard shard)
    {
        // A key that has changed since then is marked already. A slot whose row was taken over is skipped: the new slot writes that row.
        foreach (var row in rows)
        {
            shard.Writes.NoteChanged(row.Slot);
        }

        foreach (var group in rows.Select(row => row.Group).OfType<WriteGroup>().Distinct())
        {
            WriteGroup.Join(group.Slots);
        }

        return true;
    }

    public override void Complete()
    {
    }

    public override void Refuse(string reason)
    {
    }
}
