namespace AllInOne.Core.Storage.Sqlite;

/// <summary>The state of the WAL after a checkpoint. Pages that were written during the checkpoint do not count.</summary>
/// <param name="Pages">The number of pages in the WAL.</param>
/// <param name="Copied">The number of these pages that are in the file: all, unless a reader still needs an older state.</param>
internal readonly record struct WalState(long Pages, long Copied)
{
    /// <summary>The bytes of one page in the WAL.</summary>
    public const int PageBytes = 4096 + 24;

    public bool IsCopied => Copied >= Pages;

    /// <summary>The bytes of the WAL that are not in the file yet.</summary>
    public long LeftBytes => Math.Max(0, Pages - Copied) * PageBytes;

    /// <summary>Copies all pages that can be copied without disturbing a reader or a writer.</summary>
    public static WalState Checkpoint(SqliteSession session) =>
        session["PRAGMA wal_checkpoint(PASSIVE)"].Rows(row => new WalState(row.Int64(1), row.Int64(2))).Single();

    /// <summary>
    /// Copies all pages and empties the WAL, so that the next write begins at its start. Returns false if a reader prevents this; it waits for
    /// readers only for a short time.
    /// </summary>
    public static bool TryEmpty(SqliteSession session)
    {
        session["PRAGMA busy_timeout = 100"].Run();
        return session["PRAGMA wal_checkpoint(TRUNCATE)"].Rows(row => row.Int64(0)).Single() == 0;
    }
}
