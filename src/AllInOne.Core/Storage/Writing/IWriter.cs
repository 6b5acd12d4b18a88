namespace AllInOne.Core.Storage.Writing;

/// <summary>The writer of a file, as a store uses it.</summary>
/// <typeparam name="TSession">The transaction in which the operations run.</typeparam>
internal interface IWriter<TSession>
{
    IWriteQueue<TSession> Queue { get; }

    WriterStatus Status { get; }
}

/// <summary>The entrance of a writer's queue. Thread-safe.</summary>
internal interface IWriteQueue<TSession>
{
    bool HasRoom { get; }

    /// <summary>Completes when there is room.</summary>
    Task WaitForRoomAsync(CancellationToken cancel);

    /// <summary>Adds an operation, which is refused if the queue is full.</summary>
    void Enqueue(WriteOperation<TSession> operation);

    /// <summary>Adds housekeeping, which runs when nothing else is to be written; refused while another one waits.</summary>
    void EnqueueForLater(WriteOperation<TSession> operation);
}
