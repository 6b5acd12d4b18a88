namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// One operation in the queue of a file: a write, a read that must see the earlier writes, or a barrier. It may be applied more than once, because
/// its batch is repeated after a fault, or without a failing row. Each time it is applied in queue order, before all newer operations, and on the
/// same data, because the transaction of the previous application was rolled back. Its answer must use the result of the last application.
/// </summary>
internal abstract class WriteOperation(Receipt receipt)
{
    public Receipt Receipt { get; } = receipt;

    /// <summary>The size of its data in bytes, for the limits of the queue and the batch.</summary>
    public virtual int Bytes => 0;

    /// <summary>
    /// The bytes that its last application has written, for the limit of a transaction. Override it if this is not <see cref="Bytes"/>.
    /// </summary>
    public virtual int BytesWritten => Bytes;

    /// <summary>The number of rows in the figures; 0 if the operation stores no data of its own.</summary>
    public virtual int Rows => 1;

    /// <summary>Whether the answered write must survive a loss of power, in a file that otherwise survives only the death of the process.</summary>
    public virtual bool IsDurable => false;

    /// <summary>Called after the commit of the batch. The receipt is answered separately, together with the receipts of other operations.</summary>
    public virtual void Answer()
    {
    }

    /// <summary>Called when the operation was not applied and will not be.</summary>
    public virtual void Refuse(string reason) => Receipt.Fail(reason);
}

/// <summary>A <see cref="WriteOperation"/> of one storage engine.</summary>
/// <typeparam name="TSession">The transaction of the engine.</typeparam>
internal abstract class WriteOperation<TSession>(Receipt receipt) : WriteOperation(receipt)
{
    /// <summary>Runs within the transaction. An exception that is not a fault of the file refuses only this operation.</summary>
    public abstract void Apply(TSession session);
}

/// <summary>A barrier: its receipt is answered when all operations that were queued before are committed.</summary>
internal sealed class WriteBarrier<TSession>(Receipt receipt) : WriteOperation<TSession>(receipt)
{
    public override int Rows => 0;

    public override void Apply(TSession session)
    {
    }
}
