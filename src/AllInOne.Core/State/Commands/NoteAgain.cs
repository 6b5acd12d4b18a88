using AllInOne.Core.State.Storing;

namespace AllInOne.Core.State.Commands;

/// <summary>Rows that the writer has refused are to be written again. Nobody waits for it.</summary>
internal sealed class NoteAgain(IReadOnlyList<StateRow> rows) : StateCommand
{
    public override bool Run(StateShard shard)
    {
        shard.NoteAgain(rows);
        return true;
    }

    public override void Complete()
    {
    }

    public override void Refuse(string reason)
    {
    }
}
