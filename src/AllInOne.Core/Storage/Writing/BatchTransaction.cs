using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Writing;

/// <summary>An operation that was left out of its batch, and why.</summary>
internal readonly record struct Refusal(WriteOperation Operation, string Reason);

/// <param name="Done">So many of the batch, from its first, have come to their turn; the others are for a next transaction.</param>
/// <param name="Refused">Which of those were left out.</param>
internal sealed record BatchResult(int Done, IReadOnlyList<Refusal> Refused);

/// <summary>
/// A batch as one transaction, which ends early once enough bytes are written. Where a row fails, the transaction is done again with a
/// savepoint round each operation, so that the failing ones alone are left out; the usual batch pays nothing for that.
/// </summary>
internal static class BatchTransaction
{
    /// <param name="mostBytes">No further operation once so many bytes are written.</param>
    /// <param name="mark">Knows the batch if it is committed already; then only the answer is given again.</param>
    /// <exception cref="Exception">Nothing of the batch is known to be stored.</exception>
    public static BatchResult Run(SqliteSession session, IReadOnlyList<WriteOperation> batch, int mostBytes, CommitMark mark)
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

        mark.Leave(session, batch, result);
        session["COMMIT"].Run();
        return result;
    }

    /// <summary>Null when a row fails.</summary>
    private static BatchResult? Apply(SqliteSession session, IReadOnlyList<WriteOperation> batch, int mostBytes)
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

    private static BatchResult ApplyEach(SqliteSession session, IReadOnlyList<WriteOperation> batch, int mostBytes)
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

    /// <summary>Applies it alone; why it could not be, or null.</summary>
    private static string? FailureOf(SqliteSession session, WriteOperation operation)
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

        // Not after a fault of the file: then SQLite may have ended the transaction, and the fault is what counts.
        session["RELEASE row"].Run();
        return reason;
    }

    /// <summary>All else (disk full, I/O, lock, corruption, memory) is the file's trouble, and no row is to blame.</summary>
    private static bool IsOfTheRow(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode
            is raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE,
        StorageException or OutOfMemoryException => false,
        _ => true,
    };
}
