namespace AllInOne.Core.Storage.Writing;

/// <summary>An operation that was left out of its batch, with the reason.</summary>
internal readonly record struct Refusal(WriteOperation Operation, string Reason);

/// <summary>The result of one transaction.</summary>
/// <param name="Done">The number of processed operations, from the first of the batch. The others are left for the next transaction.</param>
/// <param name="Refused">The processed operations that were left out.</param>
internal sealed record BatchResult(int Done, IReadOnlyList<Refusal> Refused);

/// <summary>The outcome of a batch: the operations that were left out, or the fault because of which nothing of the batch is stored.</summary>
/// <param name="Taken">The batch as it was taken from the queue.</param>
/// <param name="Batch">The processed part of the batch; the rest stays in hand.</param>
internal sealed record BatchOutcome(
    IReadOnlyList<WriteOperation> Taken,
    IReadOnlyList<WriteOperation> Batch,
    IReadOnlyList<Refusal> Refused,
    TimeSpan Elapsed,
    StorageException? Fault);
