using AllInOne.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Writing;

/// <summary>An operation that was left out of its batch, and why.</summary>
internal readonly record struct Refusal(WriteOperation Operation, string Reason);

/// <summary>
/// A batch as one transaction. Where a row fails, the transaction is done again with a savepoint round each operation, so that
/// the failing ones alone are left out; the usual batch pays nothing for that.
/// </summary>
internal static class BatchTransaction
{
    /// <returns>The operations left out. An exception means that nothing of the batch is known to be stored.</returns>
    public static IReadOnlyList<Refusal> Run(SqliteSession session, IReadOnlyList<WriteOperation> batch)
    {
        try
        {
            session["BEGIN IMMEDIATE"].Run();
            foreach (var operation in batch)
            {
                operation.Apply(session);
            }

            session["COMMIT"].Run();
            return [];
        }
        catch (Exception failure) when (IsOfTheRow(failure))
        {
            session.RollBack();
        }

        session["BEGIN IMMEDIATE"].Run();
        var refused = new List<Refusal>();
        foreach (var operation in batch)
        {
            if (FailureOf(session, operation) is { } reason)
            {
                refused.Add(new Refusal(operation, reason));
            }
        }

        session["COMMIT"].Run();
        return refused;
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
            reason = failure.Message;
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
