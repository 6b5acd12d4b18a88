using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The numbered steps that make the schema of a file. Step n (from 1) leads to version n, which the file stores as <c>PRAGMA user_version</c>. A step
/// never changes after its release, and there are no steps back. All missing steps of a file run in one transaction. A file from a newer program is
/// refused and left as it is. In addition, each file has the table <c>committed</c> for its writer (<see cref="Writing.CommitMark"/>). No step makes
/// this table, so every file has it.
/// </summary>
internal sealed class SqliteSchema(params string[] steps)
{
    private const string Objects = "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";

    private const string Committed =
        """
        CREATE TABLE IF NOT EXISTS committed (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            batch INTEGER NOT NULL,     -- the number of the last one
            wall INTEGER,               -- the wall clock then, in microseconds since 1970
            ahead INTEGER,              -- how far it was ahead of the steady clock, in microseconds
            doubt INTEGER,              -- by how much it may have been wrong, in microseconds
            doubt_left INTEGER          -- how much longer the server had to run to confirm it, in microseconds
        ) STRICT;
        INSERT OR IGNORE INTO committed (only, batch) VALUES (1, 0);
        """;

    private const string CommittedColumns = "SELECT name FROM pragma_table_info('committed')";

    /// <summary>The columns of the clock, which the first version of the table did not have.</summary>
    private static readonly string[] LaterColumns = ["wall", "ahead", "doubt", "doubt_left"];

    public long Version => steps.Length;

    /// <summary>Refuses a newer file. It only reads, so it can run before any code changes the file.</summary>
    public void Check(SqliteConnection connection, string path)
    {
        var found = FoundVersion(connection);
        if (found > Version)
        {
            throw new NewerSchemaException(path, found, Version);
        }
    }

    /// <summary>Updates the file to the newest version.</summary>
    public void Migrate(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        for (var version = (int)FoundVersion(connection, transaction); version < steps.Length; version++)
        {
            Execute(connection, transaction, steps[version]);
            Execute(connection, transaction, $"PRAGMA user_version = {version + 1}");
        }

        Execute(connection, transaction, Committed);
        foreach (var missing in LaterColumns.Except(Texts(connection, CommittedColumns, transaction)))
        {
            Execute(connection, transaction, $"ALTER TABLE committed ADD COLUMN {missing} INTEGER");
        }

        transaction.Commit();
    }

    /// <summary>
    /// The fault of a database that was made with all of these steps or the first ones; null if it is intact. It checks the pages, the indexes, the
    /// version, and whether everything exists that the steps make, so that a database of another program is not accepted.
    /// </summary>
    public string? Examine(SqliteConnection connection)
    {
        var found = FoundVersion(connection);
        if (found > Version)
        {
            return $"it has schema version {found}, this program knows up to {Version}: use the newer version";
        }

        if (Texts(connection, "PRAGMA integrity_check(1)") is not ["ok"] and [var problem, ..])
        {
            return problem;
        }

        return found == 0 ? "it is another program's: schema version is missing" : Stranger(connection) is { } stranger ? $"it {stranger}" : null;
    }

    /// <summary>
    /// The first fault of the database's pages; null if there is none. Unlike <see cref="Examine"/>, it does not compare the indexes with their
    /// tables. It takes one pass over the file, about a second for a gigabyte.
    /// </summary>
    public static string? Damage(SqliteConnection connection) =>
        Texts(connection, "PRAGMA quick_check(1)") is not ["ok"] and [var problem, ..] ? problem.ReplaceLineEndings(" ") : null;

    /// <summary>
    /// Whether a writer has committed to the file; each stop commits too. Writers start only after all files are created, so a commit proves that the
    /// first start was completed. A file without the column of the clock comes from an earlier version.
    /// </summary>
    public static bool HasCommits(SqliteConnection connection) =>
        FoundVersion(connection) > 0
        && (!Texts(connection, CommittedColumns).Contains("wall") || Texts(connection, "SELECT 'yes' FROM committed WHERE wall IS NOT NULL").Count > 0);

    /// <summary>The sign that another program has made the database, as the end of a sentence; null if there is none.</summary>
    public string? Stranger(SqliteConnection connection)
    {
        var found = FoundVersion(connection);
        var there = Texts(connection, Objects).ToHashSet(StringComparer.Ordinal);
        if (found <= 0)
        {
            return found == 0 && there.Count == 0 ? null : "is another program's: schema version is missing";
        }

        using var model = new SqliteConnection("Data Source=:memory:;Pooling=False");
        model.Open();
        foreach (var step in steps.Take((int)found))
        {
            Execute(model, null, step);
        }

        return Texts(model, Objects).FirstOrDefault(made => !there.Contains(made)) is { } missing
            ? $"is another program's: {missing} is missing"
            : null;
    }

    private static List<string> Texts(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
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
