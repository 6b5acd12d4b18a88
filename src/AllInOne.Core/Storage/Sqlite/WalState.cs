namespace AllInOne.Core.Storage.Sqlite;

/// <summary>The log (WAL) as a checkpoint has left it; what was written while it ran does not count.</summary>
/// <param name="Pages">Pages that were in it.</param>
/// <param name="Copied">How many of them are in the file: all, unless a reader still needs the older state.</param>
internal readonly record struct WalState(long Pages, long Copied)
{
    /// <summary>What a page takes in the log.</summary>
    public const int PageBytes = 4096 + 24;

    public bool IsCopied => Copied >= Pages;

    /// <summary>Bytes that are not in the file yet.</summary>
    public long LeftBytes => Math.Max(0, Pages - Copied) * PageBytes;

    /// <summary>Copies what can be copied without disturbing a reader or a writer.</summary>
    public static WalState Checkpoint(SqliteSession session) =>
        session["PRAGMA wal_checkpoint(PASSIVE)"].Rows(row => new WalState(row.Int64(1), row.Int64(2))).Single();

    /// <summary>Copies all of it and leaves none, so that the next write begins it anew; false where a reader is in the way, which is not waited for long.</summary>
    public static bool TryEmpty(SqliteSession session)
    {
        session["PRAGMA busy_timeout = 100"].Run();
        return session["PRAGMA wal_checkpoint(TRUNCATE)"].Rows(row => row.Int64(0)).Single() == 0;
    }
}
