using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Storage.Writing;

/// <summary>The outcome of a batch: the operations that were left out, or the fault because of which nothing of the batch is stored.</summary>
/// <param name="Batch">The processed part of the batch; the rest stays in hand.</param>
internal sealed record BatchOutcome(
    IReadOnlyList<WriteOperation> Batch,
    IReadOnlyList<Refusal> Refused,
    TimeSpan Elapsed,
    StorageException? Fault);

/// <summary>
/// The one writer of a file, without the decisions of its actor, which it outlives: the queue, the figures and the connection. The actor decides when
/// it works. Its methods block and do one thing at a time. After a fault it closes the connection, and the next use opens the file again. There is
/// one exception: if the file or its WAL is gone and cannot be put back yet, the connection stays open, because only this connection still reaches
/// the committed data.
/// </summary>
/// <param name="stored">The clocks that the file has; null for a file without stored clocks.</param>
internal sealed class SqliteWriter(SqliteFile file, StorageOptions options, TimeProvider time, SteadyClock clock, ClockMark? stored)
    : IWriter<SqliteSession>, IDisposable
{
    private readonly Lock _oneAtATime = new();
    private readonly CommitMark _mark = new(clock, stored);
    private SqliteSession? _session;
    private SqliteRescue? _rescue;
    private bool _isClockQueued;

    public SqliteFile File { get; } = file;

    public WriteQueue<SqliteSession> Queue { get; } = new(options);

    IWriteQueue<SqliteSession> IWriter<SqliteSession>.Queue => Queue;

    public WriterStatus Status { get; } = new(file.Name);

    /// <summary>Copies the WAL into the file while this writer continues.</summary>
    public SqliteCheckpointer Checkpointer { get; } = new(file, options, time);

    /// <summary>
    /// Commits a batch, or the first part of it that is enough for one transaction. A batch that is committed but not acknowledged is not applied
    /// again. A batch that is no longer in hand comes from a previous incarnation of the actor. It is ignored: if it were applied again after newer
    /// batches, it could restore rows that they have deleted.
    /// </summary>
    public BatchOutcome Write(IReadOnlyList<WriteOperation<SqliteSession>> batch)
    {
        lock (_oneAtATime)
        {
            var start = time.GetTimestamp();
            var result = new BatchResult(batch.Count, []);
            var fault = !Queue.IsInHand(batch) ? null : Use(session =>
            {
                // A commit with FULL flushes the whole WAL to the disk, including earlier commits.
                session.Use(batch.Any(operation => operation.IsDurable) ? Durability.Full : File.Durability);
                result = BatchTransaction.Run(session, batch, options.BatchBytes, _mark);
                Checkpointer.Written(session.TakePagesWritten());
            });
            var done = result.Done == batch.Count ? batch : [.. batch.Take(result.Done)];
            return new BatchOutcome(done, result.Refused, time.GetElapsedTime(start), fault);
        }
    }

    /// <summary>
    /// Copies the rest of the WAL between two batches, so that the next batch begins at the start of the WAL. A checkpoint beside the writer never
    /// reaches the end while the WAL grows. Call it only after such a checkpoint, because then little is left to copy.
    /// </summary>
    public StorageException? FinishCheckpoint()
    {
        lock (_oneAtATime)
        {
            // Without a connection, the writer was stopped in the meantime and the file is closed: do not open it again.
            return _session is null ? null : Use(session => Checkpointer.Finish(session));
        }
    }

    /// <summary>
    /// Runs a short action while this writer stands still between two batches: everything that it has acknowledged is committed, and no transaction
    /// is open. Returns false without running the action if the present batch takes longer than <paramref name="limit"/>.
    /// </summary>
    public bool TryStandStill(TimeSpan limit, Action meanwhile)
    {
        if (!_oneAtATime.TryEnter(limit))
        {
            return false;
        }

        try
        {
            meanwhile();
            return true;
        }
        finally
        {
            _oneAtATime.Exit();
        }
    }

    /// <summary>
    /// Settles the outcome of <see cref="Write"/>: removes the processed operations from the queue, counts them and sends their answers.
    /// </summary>
    /// <param name="failed">Called when the answer of an operation fails.</param>
    /// <returns>Whether this commit ends a failure of the file.</returns>
    public bool Settle(BatchOutcome outcome, Action<Exception> failed)
    {
        Queue.Complete(outcome.Batch.Count);
        var recovered = Status.Committed(Rows(outcome), outcome.Elapsed);
        foreach (var refusal in outcome.Refused)
        {
            Status.Refused(refusal.Reason);
        }

        Answers.Tell(outcome, failed);
        return recovered;
    }

    /// <summary>
    /// Queues a write of the clocks if the wall clock was set since the last commit. Only the actor calls it, and only the actor completes the queued
    /// write.
    /// </summary>
    public void CheckClock()
    {
        if (!_isClockQueued && _mark.IsClockOld)
        {
            _isClockQueued = true;
            Queue.Enqueue(new StoreClock(_mark, () => _isClockQueued = false));
        }
    }

    /// <summary>Writes everything that is queued, on the caller's thread, and then closes the file. Used for a stop.</summary>
    /// <param name="failed">As for <see cref="Settle"/>.</param>
    public StorageException? Flush(Action<Exception> failed)
    {
        while (Queue.Take() is { } batch)
        {
            var outcome = Write(batch);
            if (outcome.Fault is FileGoneException && TryEndRescue())
            {
                outcome = Write(batch);
            }

            if (outcome.Fault is { } fault)
            {
                return fault;
            }

            Settle(outcome, failed);
        }

        // Store the clocks. Otherwise, if the clock was set forward after the last commit, the next start would take the jump for downtime.
        // All data is stored already, so a fault here does no other harm.
        // A stop stores the clock even without a row to write. It holds the lock, because a checkpoint or a Renew that began before the stop may
        // still use the connection.
        lock (_oneAtATime)
        {
            _ = Use(_mark.StoreClock);
        }

        Dispose();
        return null;
    }

    public WriterFigures Figures() => Status.Figures(Queue, Checkpointer);

    /// <summary>Closes the connection, and the next use opens the file again. Does nothing if only this connection still reaches the data.</summary>
    public void Renew()
    {
        lock (_oneAtATime)
        {
            if (_rescue is null && _session is { } session && File.IsWhole(session))
            {
                Close();
            }
        }
    }

    public void Dispose()
    {
        Checkpointer.Dispose();
        lock (_oneAtATime)
        {
            TryEndRescue();
            Close();
        }
    }

    private StorageException? Use(Action<SqliteSession> work)
    {
        if (_rescue is not null && Rescue(isLast: false) is { } gone)
        {
            return gone;
        }

        try
        {
            var session = _session ??= File.OpenWriter();
            File.MustBeWhole(session);
            work(session);
            // Before the acknowledgement: data in a deleted file is not stored.
            File.MustBeWhole(session);
            return null;
        }
        catch (Exception broken)
        {
            File.Renew();
            var kept = IsOrphan() ? Rescue(isLast: false) : null;
            if (kept is null)
            {
                Close();
            }

            return kept ?? broken switch
            {
                StorageException known => known,
                _ => SqliteFault.Of(File.Path, "written", broken),
            };
        }
    }

    /// <summary>Whether only this connection still reaches the committed data. Then a rescue begins.</summary>
    private bool IsOrphan()
    {
        if (_rescue is null && _session is { } session && !File.IsWhole(session))
        {
            _rescue = new SqliteRescue(File, session, time);
        }

        return _rescue is not null;
    }

    /// <summary>Continues the rescue. Returns null if the file is whole and can be opened again.</summary>
    private FileGoneException? Rescue(bool isLast)
    {
        File.Gone = _rescue!.TryRun(isLast);
        if (File.Gone is null)
        {
            Close();
        }

        return File.Gone;
    }

    /// <summary>
    /// The last attempt to save data that only this connection reaches, before it is closed. Returns false if the data is not saved.
    /// </summary>
    private bool TryEndRescue()
    {
        lock (_oneAtATime)
        {
            return !IsOrphan() || Rescue(isLast: true) is null;
        }
    }

    private void Close()
    {
        _session?.Dispose();
        (_session, _rescue, File.Gone) = (null, null, null);
    }

    private static int Rows(BatchOutcome outcome) =>
        outcome.Batch.Sum(operation => operation.Rows) - outcome.Refused.Sum(refusal => refusal.Operation.Rows);
}
