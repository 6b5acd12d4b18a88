namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// The one writer of a file, without the decisions of its actor (<see cref="WriterActor"/>), which it outlives: the queue, the figures and the file.
/// Its methods block and do one thing at a time. After a fault it closes the file, and the next use opens it again.
/// </summary>
/// <param name="name">The name of the file, for messages.</param>
internal abstract class FileWriter(string name) : IDisposable
{
    private readonly Lock _oneAtATime = new();

    /// <summary>The name of the file, for example <c>allinone.db</c>.</summary>
    public string Name => name;

    public WriterStatus Status { get; } = new(name);

    /// <summary>Copies the log into the file.</summary>
    public abstract ICheckpointer Checkpointer { get; }

    /// <summary>The number of operations that wait or are in hand.</summary>
    public abstract int Queued { get; }

    /// <summary>Held while the file is used by this writer.</summary>
    protected Lock OneAtATime => _oneAtATime;

    /// <summary>Sets the callback that wakes the actor when an operation comes after <see cref="Take"/> has returned null.</summary>
    public abstract void WakeBy(Action wake);

    /// <summary>The batch in hand, or the next one; null if no operation waits.</summary>
    public abstract IReadOnlyList<WriteOperation>? Take();

    /// <summary>
    /// Commits a batch, or the first part of it that is enough for one transaction. A batch that is committed but not acknowledged is not applied
    /// again. A batch that is no longer in hand comes from a previous incarnation of the actor. It is ignored: if it were applied again after newer
    /// batches, it could restore rows that they have deleted.
    /// </summary>
    /// <param name="batch">What <see cref="Take"/> has returned.</param>
    public abstract BatchOutcome Write(IReadOnlyList<WriteOperation> batch);

    /// <summary>
    /// Settles the outcome of <see cref="Write"/>: removes the processed operations from the queue, counts them and sends their answers.
    /// </summary>
    /// <param name="failed">Called when the answer of an operation fails.</param>
    /// <returns>Whether this commit ends a failure of the file.</returns>
    public abstract bool Settle(BatchOutcome outcome, Action<Exception> failed);

    /// <summary>Copies the rest of the log into the file, between two batches.</summary>
    public abstract StorageException? FinishCheckpoint();

    /// <summary>Queues a write of the clocks if the wall clock was set since the last commit. Only the actor calls it.</summary>
    public virtual void CheckClock()
    {
    }

    /// <summary>Writes everything that is queued, on the caller's thread, and then closes the file. Used for a stop.</summary>
    /// <param name="failed">As for <see cref="Settle"/>.</param>
    public abstract StorageException? Flush(Action<Exception> failed);

    /// <summary>Closes the file, and the next use opens it again.</summary>
    public abstract void Renew();

    public abstract WriterFigures Figures();

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

    public abstract void Dispose();
}

/// <summary>A <see cref="FileWriter"/> of one storage engine.</summary>
/// <typeparam name="TSession">The transaction in which the operations run.</typeparam>
/// <param name="name">The name of the file, for messages.</param>
internal abstract class FileWriter<TSession>(string name, StorageOptions options, TimeProvider time) : FileWriter(name), IWriter<TSession>
{
    private readonly Lock _flush = new();

    /// <summary>Measures durations.</summary>
    protected TimeProvider Time => time;

    public WriteQueue<TSession> Queue { get; } = new(options);

    IWriteQueue<TSession> IWriter<TSession>.Queue => Queue;

    public sealed override int Queued => Queue.Rows;

    public sealed override void WakeBy(Action wake) => Queue.WakeBy(wake);

    public sealed override IReadOnlyList<WriteOperation>? Take() => Queue.Take();

    public sealed override BatchOutcome Write(IReadOnlyList<WriteOperation> batch)
    {
        var operations = (IReadOnlyList<WriteOperation<TSession>>)batch;
        lock (OneAtATime)
        {
            if (!Queue.IsInHand(operations))
            {
                return new BatchOutcome(batch, [], [], TimeSpan.Zero, null);
            }

            var start = time.GetTimestamp();
            var result = new BatchResult(batch.Count, []);
            var fault = Commit(operations, ref result);
            var done = result.Done == batch.Count ? batch : [.. batch.Take(result.Done)];
            return new BatchOutcome(batch, done, result.Refused, time.GetElapsedTime(start), fault);
        }
    }

    public sealed override bool Settle(BatchOutcome outcome, Action<Exception> failed)
    {
        if (!Queue.TryComplete(outcome.Taken, outcome.Batch.Count))
        {
            return false;
        }

        var recovered = Status.Committed(Rows(outcome), outcome.Elapsed);
        foreach (var refusal in outcome.Refused)
        {
            Status.Refused(refusal.Reason);
        }

        Answers.Tell(outcome, failed);
        return recovered;
    }

    public sealed override StorageException? Flush(Action<Exception> failed)
    {
        // A flush may still run when the next one begins: the actor of a writer whose stop takes long is abandoned.
        lock (_flush)
        {
            return FlushAll(failed);
        }
    }

    public sealed override WriterFigures Figures() => Status.Figures(Queue, Checkpointer);

    /// <summary>Applies the batch in one transaction and commits it. Called under the lock.</summary>
    /// <param name="result">The result; unchanged if there is a fault.</param>
    /// <returns>The fault because of which it is not known that any part of the batch is stored; otherwise null.</returns>
    protected abstract StorageException? Commit(IReadOnlyList<WriteOperation<TSession>> batch, ref BatchResult result);

    /// <summary>Whether a fault during the last flush was repaired, so that the batch is worth another attempt.</summary>
    protected virtual bool IsMended(StorageException fault) => false;

    /// <summary>Called after the last batch of a flush, before the file is closed.</summary>
    protected virtual void EndFile()
    {
    }

    private StorageException? FlushAll(Action<Exception> failed)
    {
        while (Queue.Take() is { } batch)
        {
            var outcome = Write(batch);
            if (outcome.Fault is { } broken && IsMended(broken))
            {
                outcome = Write(batch);
            }

            if (outcome.Fault is { } fault)
            {
                return fault;
            }

            Settle(outcome, failed);
        }

        EndFile();
        Dispose();
        return null;
    }

    private static int Rows(BatchOutcome outcome) =>
        outcome.Batch.Sum(operation => operation.Rows) - outcome.Refused.Sum(refusal => refusal.Operation.Rows);
}
