using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// One open connection with its prepared statements. For one thread at a time. After an exception from SQLite, the owner must close it, because the
/// file may have been replaced.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE.</summary>
    private const int CacheWrites = 9;

    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.</summary>
    public const int NoCheckpointOnClose = 1006;

    /// <summary>
    /// The maximum number of prepared statements. If tables come and go, the number of texts has no limit; beyond this number the oldest statement is
    /// removed.
    /// </summary>
    private const int MostStatements = 1_000;

    private readonly SqliteConnection _connection;
    private Durability? _durability;
    private readonly Queue<string> _oldest = new();

    // By reference: every statement's text is a constant, and a long text is not worth hashing for each row.
    private readonly Dictionary<string, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);

    /// <param name="connection">An open connection. It is closed with the session.</param>
    /// <param name="generation">The generation of the file when the connection was opened; see <see cref="SqliteFile.Generation"/>.</param>
    /// <param name="place">The file and the WAL that the connection has open.</param>
    public SqliteSession(SqliteConnection connection, int generation, SqlitePlace place)
    {
        _connection = connection;
        (Generation, Place) = (generation, place);
    }

    public int Generation { get; }

    public SqlitePlace Place { get; }

    /// <summary>The connection itself, for calls that are not statements.</summary>
    public SQLitePCL.sqlite3 Handle => _connection.Handle!;

    /// <summary>
    /// The statement of this text, which is prepared at its first use. The text must be a constant. Use the statement before you get the next one.
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

    /// <summary>A statement for one use, from a text that is not a constant. The caller disposes of it.</summary>
    public SqliteStatement Once(string sql) => new(_connection.Handle!, sql);

    /// <summary>Runs a text that is not a constant, once.</summary>
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

    /// <summary>Grows with each row that is inserted, changed or deleted, even if the change is rolled back later.</summary>
    public int Changes => raw.sqlite3_total_changes(_connection.Handle!);

    /// <summary>Sets the durability of the next commits. Call it between two transactions.</summary>
    public void Use(Durability durability)
    {
        if (_durability != durability)
        {
            this[durability == Durability.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"].Run();
            _durability = durability;
        }
    }

    /// <summary>The number of pages written to the WAL since the last call.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_connection.Handle!, CacheWrites, out var pages, out _, resetFlg: 1);
        return pages;
    }

    /// <summary>
    /// Makes the connection leave the WAL as it is when it is closed as the last one. Otherwise SQLite would copy and delete the WAL by its name, but
    /// if the file was deleted and put back, this name belongs to the WAL of the new file.
    /// </summary>
    public void KeepLogOnClose() => raw.sqlite3_db_config(_connection.Handle!, NoCheckpointOnClose, 1, out _);

    /// <summary>Rolls back the open transaction, if any. SQLite may have rolled it back already.</summary>
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
