using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// One step in a file's queue: a write, a read that must see the writes before it, or a barrier. It may be applied more than
/// once (its batch is redone after a fault, or without a row that fails), always in queue order, before anything newer, and on what
/// was there before: the transaction of the application before it was rolled back. What it keeps for its answer must be the last one's.
/// </summary>
internal abstract class WriteOperation(Receipt receipt)
{
    public Receipt Receipt { get; } = receipt;

    /// <summary>The size of its data, for the bounds of queue and batch.</summary>
    public virtual int Bytes => 0;

    /// <summary>What its last application has written, for the bound of a transaction; where that is not what it brings along.</summary>
    public virtual int BytesWritten => Bytes;

    /// <summary>What it counts for in the figures; nothing, where it stores nothing of its own.</summary>
    public virtual int Rows => 1;

    /// <summary>Whether the answered write must survive a loss of power, in a file that otherwise survives only the death of the process.</summary>
    public virtual bool IsDurable => false;

    /// <summary>Runs within the transaction. An exception that is not the file's fault refuses this operation alone.</summary>
    public abstract void Apply(SqliteSession session);

    /// <summary>The batch is committed; the receipt is answered apart from this, together with others.</summary>
    public virtual void Answer()
    {
    }

    /// <summary>It was not applied, and will not be.</summary>
    public virtual void Refuse(string reason) => Receipt.Fail(reason);
}

/// <summary>A barrier: its receipt is answered when all operations that were queued before are committed.</summary>
internal sealed class WriteBarrier(Receipt receipt) : WriteOperation(receipt)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session)
    {
    }
}
