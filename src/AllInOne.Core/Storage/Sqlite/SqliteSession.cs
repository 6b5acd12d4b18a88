using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// One open connection with its prepared statements. One thread at a time. After an exception from SQLite its owner
/// throws it away: the file may be another one by then.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE.</summary>
    private const int CacheWrites = 9;

    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.</summary>
    public const int NoCheckpointOnClose = 1006;

    /// <summary>There is no end of texts where tables come and go; past so many the oldest statement gives way.</summary>
    private const int MostStatements = 1_000;

    private readonly SqliteConnection _connection;
    private Durability? _durability;
    private readonly Queue<string> _oldest = new();

    // By reference: every statement's text is a constant, and a long text is not worth hashing for each row.
    private readonly Dictionary<string, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);

    /// <param name="connection">Open; it is closed with the session.</param>
    /// <param name="generation">Which opening of the file it belongs to; see <see cref="SqliteFile.Generation"/>.</param>
    /// <param name="place">What it has open.</param>
    public SqliteSession(SqliteConnection connection, int generation, SqlitePlace place)
    {
        _connection = connection;
        (Generation, Place) = (generation, place);
    }

    public int Generation { get; }

    public SqlitePlace Place { get; }

    /// <summary>The connection itself, for what is no statement.</summary>
    public SQLitePCL.sqlite3 Handle => _connection.Handle!;

    /// <summary>
    /// The statement of this text, prepared at its first use. The text must be a constant. To be used before the next one is asked for.
    /// </summary>
    public SqliteStatement this[string constantSql]
    {
        get
        {
            if (!_statements.TryGetValue(constantSql, out var statement))
            {
                statement = new SqliteStatement(_connection.Handle!, constantSql);
                if (_oldest.Count == MostStatements && _statements.Remove(_oldest.Dequeue(), out var old))
                {
                    old.Dispose();
                }

                _statements.Add(constantSql, statement);
                _oldest.Enqueue(constantSql);
            }

            return statement;
        }
    }

    /// <summary>A statement of a text that is made for this one use; to be disposed of.</summary>
    public SqliteStatement Once(string sql) => new(_connection.Handle!, sql);

    /// <summary>Runs such a statement.</summary>
    public void Execute(string sql)
    {
        using var statement = Once(sql);
        statement.Run();
    }

    /// <summary>
    /// Runs statements, and calls <paramref name="check"/> every few steps. The check may block. An exception of the check stops the statement,
    /// and this method throws it again.
    /// </summary>
    public T Interruptible<T>(Func<SqliteSession, T> work, Action check)
    {
        // About 0.01 ms for quick statements; a statement that scans a large document takes milliseconds.
        const int Instructions = 1_000;
        ExceptionDispatchInfo? stop = null;
        raw.sqlite3_progress_handler(_connection.Handle!, Instructions, _ => MustStop() ? 1 : 0, null);
        try
        {
            return work(this);
        }
        catch (SqliteException) when (stop is not null)
        {
            stop.Throw();
            throw;
        }
        finally
        {
            raw.sqlite3_progress_handler(_connection.Handle!, 0, null, null);
        }

        // SQLite calls this from native code, which no exception may cross. A stopped statement stays stopped.
        bool MustStop()
        {
            try
            {
                if (stop is null)
                {
                    check();
                }
            }
            catch (Exception broken)
            {
                stop = ExceptionDispatchInfo.Capture(broken);
            }

            return stop is not null;
        }
    }

    /// <summary>Goes up with each row that is inserted, changed or deleted, also where that is rolled back later.</summary>
    public int Changes => raw.sqlite3_total_changes(_connection.Handle!);

    /// <summary>What the next commits survive. Between two transactions.</summary>
    public void Use(Durability durability)
    {
        if (_durability != durability)
        {
            this[durability == Durability.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"].Run();
            _durability = durability;
        }
    }

    /// <summary>Pages written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_connection.Handle!, CacheWrites, out var pages, out _, resetFlg: 1);
        return pages;
    }

    /// <summary>
    /// When it is closed as the last one, it leaves the log as it is. SQLite would copy and delete it, by its name: where the file
    /// was deleted and put back meanwhile, that is the new file's log.
    /// </summary>
    public void KeepLogOnClose() => raw.sqlite3_db_config(_connection.Handle!, NoCheckpointOnClose, 1, out _);

    /// <summary>Rolls back what is open; SQLite may have done so itself.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
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
