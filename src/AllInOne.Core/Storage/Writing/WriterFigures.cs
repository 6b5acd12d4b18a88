namespace AllInOne.Core.Storage.Writing;

/// <summary>The figures of a writer at one moment.</summary>
/// <param name="Rows">Rows committed since the start.</param>
/// <param name="Transactions">Transactions with at least one row committed since the start.</param>
/// <param name="RowsPerTransaction">The mean number of rows of the last 1,024 transactions; 0 before the first.</param>
/// <param name="CommitP50Ms">The median duration of the last 1,024 transactions, from the begin to the end of the commit.</param>
/// <param name="CommitP99Ms">The 99th percentile of these durations.</param>
/// <param name="QueueRows">Operations that wait or are being written.</param>
/// <param name="QueueBytes">The bytes of their data.</param>
/// <param name="Refused">Operations that were refused, including operations that found no room in the queue.</param>
/// <param name="Faults">I/O errors since the start. They lose no acknowledged data.</param>
/// <param name="LogBytes">The size of the WAL in bytes.</param>
/// <param name="LogHeldBytes">The bytes that the last checkpoint could not copy, because a reader still needs an older state.</param>
/// <param name="Checkpoints">The number of checkpoints beside the writer since the start.</param>
/// <param name="LongestCheckpointMs">The duration of the longest of them. No commit waits for them.</param>
/// <param name="LastError">The last I/O error or refusal in one line; null if there was none.</param>
public sealed record WriterFigures(
    long Rows,
    long Transactions,
    double RowsPerTransaction,
    double CommitP50Ms,
    double CommitP99Ms,
    int QueueRows,
    long QueueBytes,
    long Refused,
    long Faults,
    long LogBytes,
    long LogHeldBytes,
    long Checkpoints,
    double LongestCheckpointMs,
    string? LastError);

/// <summary>The writer of a file at one moment.</summary>
/// <param name="File">The name of the file without <c>.db</c>.</param>
/// <param name="Actor">The path of the actor.</param>
/// <param name="Ready">Whether the writer works.</param>
/// <param name="Reason">The reason why it does not work, in one line; null if it works.</param>
/// <param name="Figures">The figures of the writer.</param>
public sealed record WriterSnapshot(string File, string Actor, bool Ready, string? Reason, WriterFigures Figures);
