using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// One open connection with its prepared statements. One thread at a time. After an exception from SQLite its owner
/// throws it away: the file may be another one by then.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;

    // By reference: every statement's text is a constant, and a long text is not worth hashing for each row.
    private readonly Dictionary<string, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);

    /// <param name="connection">Open; it is closed with the session.</param>
    /// <param name="generation">Which opening of the file it belongs to; see <see cref="SqliteFile.Generation"/>.</param>
    public SqliteSession(SqliteConnection connection, int generation)
    {
        _connection = connection;
        Generation = generation;
    }

    public int Generation { get; }

    /// <summary>The statement of this text, prepared at its first use. The text must be a constant.</summary>
    public SqliteStatement this[string constantSql]
    {
        get
        {
            if (!_statements.TryGetValue(constantSql, out var statement))
            {
                _statements.Add(constantSql, statement = new SqliteStatement(_connection.Handle!, constantSql));
            }

            return statement;
        }
    }

    /// <summary>Rolls back what is open; SQLite may have done so itself.</summary>
    public void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
        {
            this["ROLLBACK"].Run();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
