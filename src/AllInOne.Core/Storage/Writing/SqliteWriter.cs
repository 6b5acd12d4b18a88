using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Storage.Writing;

/// <summary>What became of a batch: the operations left out, or the fault that kept all of it from being stored.</summary>
/// <param name="Batch">As much of it as is done; the rest stays in hand.</param>
internal sealed record BatchOutcome(
    IReadOnlyList<WriteOperation> Batch,
    IReadOnlyList<Refusal> Refused,
    TimeSpan Elapsed,
    StorageException? Fault);

/// <summary>
/// The one writer of a file, as far as it outlives its actor: queue, figures and the connection. The actor decides when;
/// this does it, blocking, one thing at a time. A fault closes the connection, and the next use opens the file anew; only where
/// the file or its log is gone and cannot be put back yet, the connection is kept, because what was committed is in it alone.
/// </summary>
/// <param name="stored">The clocks as the file has them.</param>
internal sealed class SqliteWriter(SqliteFile file, StorageOptions options, TimeProvider time, SteadyClock clock, ClockMark? stored) : IDisposable
{
    private readonly Lock _oneAtATime = new();
    private readonly CommitMark _mark = new(clock, stored);
    private SqliteSession? _session;
    private SqliteRescue? _rescue;
    private bool _isClockQueued;

    public SqliteFile File { get; } = file;

    public WriteQueue Queue { get; } = new(options);

    public WriterStatus Status { get; } = new(file.Name);

    /// <summary>Copies the log into the file beside the writing.</summary>
    public SqliteCheckpointer Checkpointer { get; } = new(file, options, time);

    /// <summary>
    /// Commits a batch, or as much of it as is enough for one transaction. A batch that is committed already, but not acknowledged, is not
    /// done again. A batch that is no longer in hand (a writer's former incarnation still had it) is left alone: redone after newer ones,
    /// it could bring back what they deleted.
    /// </summary>
    public BatchOutcome Write(IReadOnlyList<WriteOperation> batch)
    {
        lock (_oneAtATime)
        {
            var start = time.GetTimestamp();
            var result = new BatchResult(batch.Count, []);
            var fault = !Queue.IsInHand(batch) ? null : Use(session =>
            {
                // A commit with FULL brings to the disk all that is in the log, what came before it included.
                session.Use(batch.Any(operation => operation.IsDurable) ? Durability.Full : File.Durability);
                result = BatchTransaction.Run(session, batch, options.BatchBytes, _mark);
                Checkpointer.Written(session.TakePagesWritten());
            });
            var done = result.Done == batch.Count ? batch : [.. batch.Take(result.Done)];
            return new BatchOutcome(done, result.Refused, time.GetElapsedTime(start), fault);
        }
    }

    /// <summary>
    /// Copies the rest of the log between two batches, so that the next one begins it anew: while it grows, a checkpoint beside
    /// the writing never comes to its end. Only after such a one, which leaves little.
    /// </summary>
    public StorageException? FinishCheckpoint()
    {
        lock (_oneAtATime)
        {
            // Without a connection the writer was stopped meanwhile, and the file is closed: do not open it again.
            return _session is null ? null : Use(session => Checkpointer.Finish(session));
        }
    }

    /// <summary>
    /// Does something short while this writer stands still between two batches: all that it has acknowledged is committed, and
    /// nothing is open. False when the batch under way takes longer than <paramref name="limit"/>; then it is not done.
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

    /// <summary>After <see cref="Write"/>: takes what is done off the queue, counts it and answers everyone who waits for it.</summary>
    /// <param name="failed">Told of an operation that could not take its answer.</param>
    /// <returns>Whether that ends a failure.</returns>
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

    /// <summary>Enqueues the clocks if the wall clock was set since the last commit. Called only by the actor, which also completes the enqueued operation.</summary>
    public void LookAtClock()
    {
        if (!_isClockQueued && _mark.IsClockOld)
        {
            _isClockQueued = true;
            Queue.Enqueue(new StoreClock(_mark, () => _isClockQueued = false));
        }
    }

    /// <summary>Writes all that is queued, here and now, then closes the file. For a stop.</summary>
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
        // A stop stores the clock even without a row to write. It holds the lock, because a checkpoint or a Renew that began before the stop may still use the connection.
        lock (_oneAtATime)
        {
            _ = Use(_mark.LeaveClock);
        }

        Dispose();
        return null;
    }

    public WriterFigures Figures() => Status.Figures(Queue, Checkpointer);

    /// <summary>Closes the connection, unless it alone still reaches the data; the next use opens the file anew.</summary>
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

    /// <summary>Whether the connection alone still reaches what was committed; from then on there is a rescue.</summary>
    private bool IsOrphan()
    {
        if (_rescue is null && _session is { } session && !File.IsWhole(session))
        {
            _rescue = new SqliteRescue(File, session, time);
        }

        return _rescue is not null;
    }

    /// <summary>Null once the file is whole, and can be opened anew.</summary>
    private FileGoneException? Rescue(bool isLast)
    {
        File.Gone = _rescue!.TryRun(isLast);
        if (File.Gone is null)
        {
            Close();
        }

        return File.Gone;
    }

    /// <summary>The last chance of what a connection alone still reaches, before it is closed; false where it is not saved.</summary>
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
