using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// One step in a file's queue: a write, a read that must see the writes before it, or a barrier. It may be applied more than
/// once (its batch is redone after a fault, or without a row that fails), always in queue order and before anything newer:
/// so applying it again must change nothing.
/// </summary>
internal abstract class WriteOperation(Receipt receipt)
{
    public Receipt Receipt { get; } = receipt;

    /// <summary>The size of its data, for the bounds of queue and batch.</summary>
    public virtual int Bytes => 0;

    /// <summary>What it counts for in the figures; nothing, where it stores nothing of its own.</summary>
    public virtual int Rows => 1;

    /// <summary>Runs within the transaction. An exception that is not the file's fault refuses this operation alone.</summary>
    public abstract void Apply(SqliteSession session);

    /// <summary>The batch is committed; the receipt is answered apart from this, together with others.</summary>
    public virtual void Answer()
    {
    }

    /// <summary>It was not applied, and will not be.</summary>
    public virtual void Refuse(string reason) => Receipt.Fail(reason);
}

/// <summary>Only a receipt: whoever gets it back knows that all that was queued before is committed.</summary>
internal sealed class WriteBarrier(Receipt receipt) : WriteOperation(receipt)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session)
    {
    }
}
