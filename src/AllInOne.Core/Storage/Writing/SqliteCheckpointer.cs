using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// Copies the log (WAL) of a file into the file, on its own connection while the writer continues to commit. It does what a
/// checkpoint may do without disturbing anybody (PASSIVE), so a reader that holds an old state stops it there: the log grows
/// until that reader has finished, and <see cref="HeldBytes"/> says so.
/// </summary>
internal sealed class SqliteCheckpointer(SqliteFile file, StorageOptions options, TimeProvider time) : IDisposable
{
    /// <summary>So many times the bytes of a checkpoint.</summary>
    private const int Overdue = 8;

    private readonly Lock _oneAtATime = new();
    private SqliteSession? _session;
    private bool _isClosed;
    private long _pages;
    private long _held;
    private long _count;
    private double _longestMs;

    /// <summary>Checkpoints beside the writing since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The longest of them, in milliseconds.</summary>
    public double LongestMs => Volatile.Read(ref _longestMs);

    /// <summary>Bytes of the log that the last checkpoint could not copy because a reader needs the state before them.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>The size of the log, room that is written again included.</summary>
    public long LogBytes
    {
        get
        {
            var log = new FileInfo(file.Log);
            return log.Exists ? log.Length : 0;
        }
    }

    /// <summary>Whether the log has grown enough since the last time; sooner when there is nothing else to do.</summary>
    public bool IsDue(bool quiet) => Interlocked.Read(ref _pages) * WalState.PageBytes >= options.CheckpointBytes / (quiet ? 8 : 1);

    /// <summary>Whether anything was written since the last pass began.</summary>
    public bool HasMore => Interlocked.Read(ref _pages) > 0;

    /// <summary>Whether so much was written during a pass that the writer is to wait for its end: else the log would grow as long as it is quicker.</summary>
    public bool IsOverdue => Interlocked.Read(ref _pages) * WalState.PageBytes >= options.CheckpointBytes * Overdue;

    public void Written(int pages) => Interlocked.Add(ref _pages, pages);

    /// <summary>To be used again after <see cref="Dispose"/>.</summary>
    public void Open()
    {
        lock (_oneAtATime)
        {
            _isClosed = false;
        }
    }

    /// <summary>A pass beside the writing; nothing once it is closed.</summary>
    /// <returns>Whether something is left of what was there when it began, for <see cref="Finish"/>; or the fault.</returns>
    public (bool IsLeft, StorageException? Fault) Run()
    {
        lock (_oneAtATime)
        {
            // The log of a file that is being rescued is the rescue's.
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

    /// <summary>The rest, by the writer between two batches. What is left after that, a reader holds.</summary>
    public void Finish(SqliteSession writer)
    {
        Interlocked.Exchange(ref _held, WalState.Checkpoint(writer).LeftBytes);
        Interlocked.Exchange(ref _pages, 0);
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
