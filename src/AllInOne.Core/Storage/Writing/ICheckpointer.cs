namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// Copies the log of a file into the file. A part of it may run beside the writer (<see cref="Run"/>); the rest is done by the writer between two
/// batches (<see cref="FileWriter.FinishCheckpoint"/>). The figures may be read by any thread.
/// </summary>
internal interface ICheckpointer
{
    /// <summary>The number of checkpoints since the start.</summary>
    long Count { get; }

    /// <summary>The duration of the longest checkpoint, in milliseconds.</summary>
    double LongestMs { get; }

    /// <summary>The size of the log file in bytes, including the part that is free to be overwritten.</summary>
    long LogBytes { get; }

    /// <summary>The bytes of the log that the last checkpoint could not copy, because a reader needs an older state.</summary>
    long HeldBytes { get; }

    /// <summary>Whether so much was written during a checkpoint that the writer must wait for its end.</summary>
    bool IsOverdue { get; }

    /// <summary>Whether the log has grown enough since the last checkpoint. If the writer has no work, less is enough.</summary>
    bool IsDue(bool quiet);

    /// <summary>Allows checkpoints again after a stop of the writer's actor.</summary>
    void Open();

    /// <summary>Runs the part that disturbs no write. Blocks.</summary>
    /// <returns>Whether pages are left that were in the log when the checkpoint began; or the fault.</returns>
    (bool IsLeft, StorageException? Fault) Run();

    /// <summary>Whether the writer must now copy the rest between two batches. Called after <see cref="Run"/>, by the writer's actor.</summary>
    /// <param name="isLeft">What <see cref="Run"/> has returned.</param>
    /// <param name="isWriterIdle">Whether no batch is being written.</param>
    bool NeedsWriter(bool isLeft, bool isWriterIdle);
}
