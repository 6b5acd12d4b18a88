using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite.Writing;

/// <summary>
/// Writes a batch in one transaction, which ends early when it has written enough bytes. If a row fails, the transaction is repeated with a savepoint
/// around each operation, so that only the failing operations are left out. A batch without a failure has no savepoints.
/// </summary>
internal static class BatchTransaction
{
    /// <param name="mostBytes">The number of written bytes after which no further operation begins.</param>
    /// <param name="mark">Finds out whether the batch is committed already. Then only its result is returned again.</param>
    /// <exception cref="Exception">It is not known that any part of the batch is stored.</exception>
    public static BatchResult Run(SqliteSession session, IReadOnlyList<WriteOperation<SqliteSession>> batch, int mostBytes, CommitMark mark)
    {
        session["BEGIN IMMEDIATE"].Run();
        if (mark.Find(session, batch) is { } there)
        {
            session.RollBack();
            return there;
        }

        if (Apply(session, batch, mostBytes) is not { } result)
        {
            session.RollBack();
            session["BEGIN IMMEDIATE"].Run();
            result = ApplyEach(session, batch, mostBytes);
        }

        mark.Store(session, batch, result);
        session["COMMIT"].Run();
        return result;
    }

    /// <summary>Applies the batch without savepoints. Returns null if a row fails.</summary>
    private static BatchResult? Apply(SqliteSession session, IReadOnlyList<WriteOperation<SqliteSession>> batch, int mostBytes)
    {
        try
        {
            var (done, bytes) = (0, 0L);
            while (done < batch.Count && bytes < mostBytes)
            {
                var operation = batch[done++];
                operation.Apply(session);
                bytes += operation.BytesWritten;
            }

            return new BatchResult(done, []);
        }
        catch (Exception failure) when (IsOfTheRow(failure))
        {
            return null;
        }
    }

    private static BatchResult ApplyEach(SqliteSession session, IReadOnlyList<WriteOperation<SqliteSession>> batch, int mostBytes)
    {
        var (done, bytes) = (0, 0L);
        var refused = new List<Refusal>();
        while (done < batch.Count && bytes < mostBytes)
        {
            var operation = batch[done++];
            if (FailureOf(session, operation) is { } reason)
            {
                refused.Add(new Refusal(operation, reason));
            }
            else
            {
                bytes += operation.BytesWritten;
            }
        }

        return new BatchResult(done, refused);
    }

    /// <summary>Applies one operation in a savepoint. Returns the reason if it fails; otherwise null.</summary>
    private static string? FailureOf(SqliteSession session, WriteOperation<SqliteSession> operation)
    {
        string? reason = null;
        session["SAVEPOINT row"].Run();
        try
        {
            operation.Apply(session);
        }
        catch (Exception failure) when (IsOfTheRow(failure))
        {
            session["ROLLBACK TO row"].Run();
            reason = Excerpt.Of(failure.Message, Excerpt.Message);
        }

        // Not in a finally block: after a fault of the file, SQLite may have ended the transaction, and that fault must be reported.
        session["RELEASE row"].Run();
        return reason;
    }

    /// <summary>
    /// Whether the operation is at fault. All other failures (disk full, I/O, lock, corruption, memory) concern the file, not a row.
    /// </summary>
    private static bool IsOfTheRow(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode
            is raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE,
        StorageException or OutOfMemoryException => false,
        _ => true,
    };
}
