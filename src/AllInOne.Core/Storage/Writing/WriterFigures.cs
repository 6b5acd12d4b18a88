namespace AllInOne.Core.Storage.Writing;

/// <summary>What a writer has done and has still to do, at one moment.</summary>
/// <param name="Rows">Rows committed since the start.</param>
/// <param name="Transactions">Transactions committed since the start that held at least one row.</param>
/// <param name="RowsPerTransaction">The mean of the last 1,024 transactions; 0 before the first.</param>
/// <param name="CommitP50Ms">Median time of a transaction, from its begin to the end of its commit, of the last 1,024.</param>
/// <param name="CommitP99Ms">The 99th percentile of the same.</param>
/// <param name="QueueRows">Operations that wait or are being written.</param>
/// <param name="QueueBytes">Their data in bytes.</param>
/// <param name="Refused">Operations answered alone as failed.</param>
/// <param name="LastError">The last I/O error or refused operation, in one line; null when there was none.</param>
public sealed record WriterFigures(
    long Rows,
    long Transactions,
    double RowsPerTransaction,
    double CommitP50Ms,
    double CommitP99Ms,
    int QueueRows,
    long QueueBytes,
    long Refused,
    string? LastError);
