using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Storage.Sqlite.Writing;

/// <summary>
/// Copies the WAL of a file into the file, on its own connection, while the writer continues to commit. It only does checkpoints that disturb no
/// other connection (PASSIVE). So a reader of an older state stops it: the WAL grows until this reader has finished, and <see cref="HeldBytes"/>
/// shows how much.
/// </summary>
internal sealed class SqliteCheckpointer(SqliteFile file, StorageOptions options, TimeProvider time) : ICheckpointer, IDisposable
{
    /// <summary>
    /// The number of checkpoints one after another that may leave as much as one checkpoint copies. Then the writer copies the rest, whatever its
    /// size.
    /// </summary>
    private const int PassesBeforeRest = 8;

    /// <summary>A checkpoint is overdue when the WAL has grown by this many times the bytes at which a checkpoint starts.</summary>
    private const int Overdue = 8;

    private readonly Lock _oneAtATime = new();
    private SqliteSession? _session;
    private bool _isClosed;
    private long _pages;
    private long _held;
    private long _count;
    private double _longestMs;
    private int _passes;

    /// <summary>The number of checkpoints since the start, without those of the writer.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The duration of the longest of these checkpoints, in milliseconds.</summary>
    public double LongestMs => Volatile.Read(ref _longestMs);

    /// <summary>The bytes of the WAL that the last checkpoint could not copy, because a reader needs an older state.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>The size of the WAL file, including the part that is free to be overwritten.</summary>
    public long LogBytes
    {
        get
        {
            var log = new FileInfo(file.Log);
            return log.Exists ? log.Length : 0;
        }
    }

    /// <summary>Whether the WAL has grown enough since the last checkpoint. If the writer has no work, less is enough.</summary>
    public bool IsDue(bool quiet) => Interlocked.Read(ref _pages) * WalState.PageBytes >= options.CheckpointBytes / (quiet ? 8 : 1);

    /// <summary>
    /// Whether so much was written during a checkpoint that the writer must wait for its end. Otherwise the WAL would grow as long as the writer is
    /// faster.
    /// </summary>
    public bool IsOverdue => Interlocked.Read(ref _pages) * WalState.PageBytes >= options.CheckpointBytes * Overdue;

    public void Written(int pages) => Interlocked.Add(ref _pages, pages);

    /// <summary>Allows checkpoints again after <see cref="Dispose"/>.</summary>
    public void Open()
    {
        lock (_oneAtATime)
        {
            _isClosed = false;
        }
    }

    /// <summary>Runs a checkpoint while the writer continues. Does nothing after <see cref="Dispose"/>.</summary>
    /// <returns>
    /// Whether pages are left that were in the WAL when the checkpoint began, so that <see cref="Finish"/> must copy them; or the fault.
    /// </returns>
    public (bool IsLeft, StorageException? Fault) Run()
    {
        lock (_oneAtATime)
        {
            // While the file is being rescued, only the rescue may touch its WAL.
            if (_isClosed || file.Gone is not null)
            {
                return (false, null);
            }

            var pages = Interlocked.Exchange(ref _pages, 0);
            var start = time.GetTimestamp();
            try
            {
                if (_session is { } stale && stale.Generation != file.Generation)
                {
                    Close();
                }

                var state = WalState.Checkpoint(_session ??= file.OpenCheckpointer());
                Interlocked.Increment(ref _count);
                _longestMs = Math.Max(_longestMs, time.GetElapsedTime(start).TotalMilliseconds);
                Interlocked.Exchange(ref _held, 0);
                return (!state.IsCopied, null);
            }
            catch (Exception broken)
            {
                Close();
                Interlocked.Add(ref _pages, pages);
                return (false, broken as StorageException ?? SqliteFault.Of(file.Path, "written", broken));
            }
        }
    }

    /// <summary>
    /// Whether the writer must copy the rest of the WAL. A checkpoint copies the pages that were in the WAL when it began. Pages that were written
    /// since then are left, and the WAL starts again only if none are left. So the writer copies the rest between two batches, when the rest is
    /// smaller than one checkpoint.
    /// </summary>
    public bool NeedsWriter(bool isLeft, bool isWriterIdle)
    {
        if (!isLeft && isWriterIdle && Interlocked.Read(ref _pages) == 0)
        {
            Volatile.Write(ref _passes, 0);
            return false;
        }

        return !IsDue(quiet: false) || Interlocked.Increment(ref _passes) >= PassesBeforeRest;
    }

    /// <summary>
    /// Copies the rest. The writer calls it between two batches, so only a reader can prevent it; <see cref="HeldBytes"/> is what is then left.
    /// </summary>
    public void Finish(SqliteSession writer)
    {
        Interlocked.Exchange(ref _held, WalState.Checkpoint(writer).LeftBytes);
        Interlocked.Exchange(ref _pages, 0);
        Volatile.Write(ref _passes, 0);
    }

    public void Dispose()
    {
        lock (_oneAtATime)
        {
            _isClosed = true;
            Close();
        }
    }

    private void Close()
    {
        _session?.Dispose();
        _session = null;
    }
}
