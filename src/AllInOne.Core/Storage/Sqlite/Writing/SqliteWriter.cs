using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Storage.Sqlite.Writing;

/// <summary>
/// The writer of a SQLite file. There is one exception to the rule that a fault closes the file: if the file or its WAL is gone and cannot be put back
/// yet, the connection stays open, because only this connection still reaches the committed data.
/// </summary>
/// <param name="stored">The clocks that the file has; null for a file without stored clocks.</param>
internal sealed class SqliteWriter(SqliteFile file, StorageOptions options, TimeProvider time, SteadyClock clock, ClockMark? stored)
    : FileWriter<SqliteSession>(file.Name, options, time)
{
    private readonly SqliteCheckpointer _checkpointer = new(file, options, time);
    private readonly CommitMark _mark = new(clock, stored);
    private readonly int _batchBytes = options.BatchBytes;
    private SqliteSession? _session;
    private SqliteRescue? _rescue;
    private bool _isClockQueued;

    public SqliteFile File { get; } = file;

    public override ICheckpointer Checkpointer => _checkpointer;

    /// <summary>
    /// Copies the rest of the WAL between two batches, so that the next batch begins at the start of the WAL. A checkpoint beside the writer never
    /// reaches the end while the WAL grows. Call it only after such a checkpoint, because then little is left to copy.
    /// </summary>
    public override StorageException? FinishCheckpoint()
    {
        lock (OneAtATime)
        {
            // Without a connection, the writer was stopped in the meantime and the file is closed: do not open it again.
            return _session is null ? null : Use(session => _checkpointer.Finish(session));
        }
    }

    // Only the actor completes the queued write, so no other thread changes the mark.
    public override void CheckClock()
    {
        if (!_isClockQueued && _mark.IsClockOld)
        {
            _isClockQueued = true;
            Queue.Enqueue(new StoreClock(_mark, () => _isClockQueued = false));
        }
    }

    /// <summary>Closes the connection, and the next use opens the file again. Does nothing if only this connection still reaches the data.</summary>
    public override void Renew()
    {
        lock (OneAtATime)
        {
            if (_rescue is null && _session is { } session && File.IsWhole(session))
            {
                Close();
            }
        }
    }

    public override void Dispose()
    {
        _checkpointer.Dispose();
        lock (OneAtATime)
        {
            TryEndRescue();
            Close();
        }
    }

    protected override StorageException? Commit(IReadOnlyList<WriteOperation<SqliteSession>> batch, ref BatchResult result)
    {
        BatchResult? committed = null;
        var fault = Use(session =>
        {
            // A commit with FULL flushes the whole WAL to the disk, including earlier commits.
            session.Use(batch.Any(operation => operation.IsDurable) ? Durability.Full : File.Durability);
            committed = BatchTransaction.Run(session, batch, _batchBytes, _mark);
            _checkpointer.Written(session.TakePagesWritten());
        });
        result = committed ?? result;
        return fault;
    }

    protected override bool IsMended(StorageException fault) => fault is FileGoneException && TryEndRescue();

    protected override void EndFile()
    {
        // Store the clocks, even if no row was written. Otherwise, if the clock was set forward after the last commit, the next start would take the
        // jump for downtime. All data is stored already, so a fault here does no other harm. The lock is held, because a checkpoint or a Renew that
        // began before the stop may still use the connection.
        lock (OneAtATime)
        {
            _ = Use(_mark.StoreClock);
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
            _rescue = new SqliteRescue(File, session, Time);
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
        lock (OneAtATime)
        {
            return !IsOrphan() || Rescue(isLast: true) is null;
        }
    }

    private void Close()
    {
        _session?.Dispose();
        (_session, _rescue, File.Gone) = (null, null, null);
    }
}
