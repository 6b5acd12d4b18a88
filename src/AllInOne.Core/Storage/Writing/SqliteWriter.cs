using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Storage.Writing;

/// <summary>What became of a batch: the operations left out, or the fault that kept all of it from being stored.</summary>
internal sealed record BatchOutcome(
    IReadOnlyList<WriteOperation> Batch,
    IReadOnlyList<Refusal> Refused,
    TimeSpan Elapsed,
    StorageException? Fault);

/// <summary>
/// The one writer of a file, as far as it outlives its actor: queue, figures and the connection. The actor decides when;
/// this does it, blocking, one thing at a time. A fault closes the connection; the next use opens the file anew.
/// </summary>
internal sealed class SqliteWriter(SqliteFile file, StorageOptions options, TimeProvider time) : IDisposable
{
    private readonly Lock _oneAtATime = new();
    private SqliteSession? _session;
    private long _bytesSinceCheckpoint;

    public SqliteFile File { get; } = file;

    public WriteQueue Queue { get; } = new(options);

    public WriterStatus Status { get; } = new(file.Name);

    /// <summary>Whether the log (WAL) has grown enough to be copied into the file; sooner when there is nothing else to do.</summary>
    public bool CheckpointIsDue(bool quiet) =>
        Interlocked.Read(ref _bytesSinceCheckpoint) >= options.CheckpointBytes / (quiet ? 8 : 1);

    /// <summary>
    /// Commits a batch. A batch that is no longer in hand (a writer's former incarnation still had it) is left alone: redone after
    /// newer ones, it could bring back what they deleted.
    /// </summary>
    public BatchOutcome Write(IReadOnlyList<WriteOperation> batch)
    {
        lock (_oneAtATime)
        {
            var start = time.GetTimestamp();
            IReadOnlyList<Refusal> refused = [];
            var fault = !Queue.IsInHand(batch) ? null : Use(session =>
            {
                refused = BatchTransaction.Run(session, batch);
                Interlocked.Add(ref _bytesSinceCheckpoint, batch.Sum(operation => (long)operation.Bytes));
            });
            return new BatchOutcome(batch, refused, time.GetElapsedTime(start), fault);
        }
    }

    /// <summary>Copies the log into the file, off the path of any receipt. Readers are not disturbed.</summary>
    public StorageException? Checkpoint()
    {
        lock (_oneAtATime)
        {
            Interlocked.Exchange(ref _bytesSinceCheckpoint, 0);
            return Use(session => session["PRAGMA wal_checkpoint(PASSIVE)"].Run());
        }
    }

    /// <summary>After <see cref="Write"/>: takes the batch off the queue, counts it and answers everyone who waits for it.</summary>
    public void Settle(BatchOutcome outcome)
    {
        Queue.Complete();
        Status.Committed(Rows(outcome), outcome.Elapsed);
        foreach (var refusal in outcome.Refused)
        {
            Status.Refused(refusal.Reason);
        }

        Answers.Tell(outcome);
    }

    /// <summary>Writes all that is queued, here and now, then closes the file. For a stop.</summary>
    public StorageException? Flush()
    {
        while (Queue.Take() is { } batch)
        {
            var outcome = Write(batch);
            if (outcome.Fault is { } fault)
            {
                return fault;
            }

            Settle(outcome);
        }

        Dispose();
        return null;
    }

    public void Dispose()
    {
        lock (_oneAtATime)
        {
            _session?.Dispose();
            _session = null;
        }
    }

    private StorageException? Use(Action<SqliteSession> work)
    {
        try
        {
            File.MustExist();
            work(_session ??= File.OpenWriter());
            return null;
        }
        catch (Exception broken)
        {
            _session?.Dispose();
            _session = null;
            File.Renew();
            return broken switch
            {
                StorageException known => known,
                _ => new StorageException(File.Path, $"{File.Path} cannot be written: {broken.Message}", broken),
            };
        }
    }

    private static int Rows(BatchOutcome outcome) =>
        outcome.Batch.Sum(operation => operation.Rows) - outcome.Refused.Sum(refusal => refusal.Operation.Rows);
}
