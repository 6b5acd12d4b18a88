using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The numbered steps that make a file's schema: step n (from 1) leads to version n, which the file carries as
/// <c>PRAGMA user_version</c>. Steps only go forward and never change once released. All that a file lacks runs in one
/// transaction; a file from a newer program is refused and left as it is.
/// </summary>
internal sealed class SqliteSchema(params string[] steps)
{
    public long Version => steps.Length;

    /// <summary>Refuses a newer file. Reads only, so that it can run before anything touches the file.</summary>
    public void Check(SqliteConnection connection, string path)
    {
        var found = FoundVersion(connection);
        if (found > Version)
        {
            throw new NewerSchemaException(path, found, Version);
        }
    }

    /// <summary>Brings the file to the newest version.</summary>
    public void Migrate(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        for (var version = (int)FoundVersion(connection, transaction); version < steps.Length; version++)
        {
            Execute(connection, transaction, steps[version]);
            Execute(connection, transaction, $"PRAGMA user_version = {version + 1}");
        }

        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long FoundVersion(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
