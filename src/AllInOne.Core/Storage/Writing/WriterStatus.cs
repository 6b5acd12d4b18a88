namespace AllInOne.Core.Storage.Writing;

/// <summary>What a writer reports of itself; kept beside its queue, so that it survives the writer. Any thread.</summary>
internal sealed class WriterStatus(string file)
{
    private readonly CommitTimes _times = new();
    private StorageHealth _health = StorageHealth.Bad($"The writer of {file} has not started");
    private long _rows;
    private long _transactions;
    private long _refused;
    private volatile bool _failing;
    private string? _lastError;

    public StorageHealth Health => Volatile.Read(ref _health);

    public WriterFigures Figures(WriteQueue queue)
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
            Interlocked.Read(ref _refused),
            Volatile.Read(ref _lastError));
    }

    /// <summary>After a failure only a commit makes it healthy again.</summary>
    public void Started()
    {
        if (!_failing)
        {
            Volatile.Write(ref _health, StorageHealth.Good);
        }
    }

    public void Stopped() => Volatile.Write(ref _health, StorageHealth.Bad($"The writer of {file} is stopped"));

    public void Committed(int rows, TimeSpan elapsed)
    {
        if (rows > 0)
        {
            Interlocked.Add(ref _rows, rows);
            Interlocked.Increment(ref _transactions);
            _times.Add(rows, elapsed);
        }

        _failing = false;
        Volatile.Write(ref _health, StorageHealth.Good);
    }

    public void Refused(string reason)
    {
        Interlocked.Increment(ref _refused);
        Volatile.Write(ref _lastError, $"refused: {reason}");
    }

    public void Failed(StorageException fault)
    {
        _failing = true;
        Volatile.Write(ref _lastError, fault.Message);
        Volatile.Write(ref _health, StorageHealth.Bad(fault.Message));
    }
}
