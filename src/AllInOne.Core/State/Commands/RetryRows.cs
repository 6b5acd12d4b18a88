using AllInOne.Core.State.Shards;
using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State.Commands;

/// <summary>Notes rows again that the writer has refused. No caller waits for it.</summary>
internal sealed class RetryRows(IReadOnlyList<StateRow> rows) : StateCommand
{
    public override bool Run(StateShard shard)
    {
        // A key that has changed since is noted already. A slot whose row was taken over is skipped: the new slot writes that row.
        foreach (var row in rows)
        {
            shard.Writes.NoteChanged(row.Slot);
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
