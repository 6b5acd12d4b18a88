namespace AllInOne.Core.Storage.Writing;

/// <summary>The status that a writer reports. It is kept beside the queue, so that it outlives the writer's actor. Thread-safe.</summary>
internal sealed class WriterStatus(string file)
{
    private readonly CommitTimes _times = new();
    private StorageHealth _health = StorageHealth.Bad($"The writer of {file} has not started");
    private StorageHealth _checkpoints = StorageHealth.Good;
    private long _rows;
    private long _transactions;
    private long _refused;
    private long _faults;
    private string? _failing;
    private string? _lastError;

    public StorageHealth Health => Volatile.Read(ref _health) is { Ready: false } bad ? bad : Volatile.Read(ref _checkpoints);

    public WriterFigures Figures<TSession>(WriteQueue<TSession> queue, ICheckpointer checkpointer)
    {
        var (meanRows, p50, p99) = _times.Summary();
        return new WriterFigures(
            Interlocked.Read(ref _rows),
            Interlocked.Read(ref _transactions),
            meanRows,
            p50,
            p99,
            queue.Rows,
            queue.Bytes,
            Interlocked.Read(ref _refused) + queue.Refused,
            Interlocked.Read(ref _faults),
            checkpointer.LogBytes,
            checkpointer.HeldBytes,
            checkpointer.Count,
            checkpointer.LongestMs,
            Volatile.Read(ref _lastError));
    }

    /// <summary>Reports that the actor has started. After a failure, only a commit makes the writer healthy again.</summary>
    public void Started()
    {
        if (Volatile.Read(ref _failing) is null)
        {
            Volatile.Write(ref _health, StorageHealth.Good);
        }
    }

    public void Stopped() => Volatile.Write(ref _health, StorageHealth.Bad($"The writer of {file} is stopped"));

    /// <returns>Whether this commit ends a failure.</returns>
    public bool Committed(int rows, TimeSpan elapsed)
    {
        if (rows > 0)
        {
            Interlocked.Add(ref _rows, rows);
            Interlocked.Increment(ref _transactions);
            _times.Add(rows, elapsed);
        }

        Volatile.Write(ref _health, StorageHealth.Good);
        return Interlocked.Exchange(ref _failing, null) is not null;
    }

    public void Refused(string reason)
    {
        Interlocked.Increment(ref _refused);
        Volatile.Write(ref _lastError, $"refused: {reason}");
    }

    /// <returns>Whether the failure is new: the same failure is reported again and again until its cause is removed.</returns>
    public bool Failed(StorageException fault)
    {
        Interlocked.Increment(ref _faults);
        Volatile.Write(ref _lastError, fault.Message);
        Volatile.Write(ref _health, StorageHealth.Bad(fault.Message));
        return Interlocked.Exchange(ref _failing, fault.Message) != fault.Message;
    }

    /// <summary>Reports a checkpoint, with its fault or null. A commit does not end a failure of checkpoints.</summary>
    /// <returns>Whether it is a fault that was not reported before.</returns>
    public bool Checkpointed(StorageException? fault)
    {
        if (fault is not null)
        {
            Interlocked.Increment(ref _faults);
            Volatile.Write(ref _lastError, fault.Message);
        }

        var health = fault is null ? StorageHealth.Good : StorageHealth.Bad(fault.Message);
        return Interlocked.Exchange(ref _checkpoints, health) != health && fault is not null;
    }
}
