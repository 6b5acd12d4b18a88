namespace AllInOne.Core.Storage.Writing;

/// <summary>What a writer has done and has still to do, at one moment.</summary>
/// <param name="Rows">Rows committed since the start.</param>
/// <param name="Transactions">Transactions committed since the start that held at least one row.</param>
/// <param name="RowsPerTransaction">The mean of the last 1,024 transactions; 0 before the first.</param>
/// <param name="CommitP50Ms">Median time of a transaction, from its begin to the end of its commit, of the last 1,024.</param>
/// <param name="CommitP99Ms">The 99th percentile of the same.</param>
/// <param name="QueueRows">Operations that wait or are being written.</param>
/// <param name="QueueBytes">Their data in bytes.</param>
/// <param name="Refused">Operations answered alone as failed, including operations that found no room in the queue.</param>
/// <param name="Faults">I/O errors so far; nothing acknowledged is lost by them.</param>
/// <param name="LogBytes">Size of the log (WAL) beside the file.</param>
/// <param name="LogHeldBytes">What the last checkpoint had to leave in it, because a reader still needs the state before.</param>
/// <param name="Checkpoints">How often the log was copied into the file, beside the writing.</param>
/// <param name="LongestCheckpointMs">The longest of these; no commit waits for them.</param>
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
    long Faults,
    long LogBytes,
    long LogHeldBytes,
    long Checkpoints,
    double LongestCheckpointMs,
    string? LastError);

/// <summary>A file's writer at a moment.</summary>
/// <param name="File">The file's name without <c>.db</c>.</param>
/// <param name="Actor">The path of its actor.</param>
/// <param name="Ready">Whether it does its work.</param>
/// <param name="Reason">Why not, in one line; null when it does.</param>
/// <param name="Figures">What it has done and has still to do.</param>
public sealed record WriterSnapshot(string File, string Actor, bool Ready, string? Reason, WriterFigures Figures);
