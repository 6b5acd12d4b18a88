using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>What a commit survives: the death of the process, or the loss of power too.</summary>
internal enum Durability
{
    Normal,
    Full,
}

/// <summary>
/// One database file: how it is created, brought up to date and opened. A connection is never pooled by the provider,
/// because a pooled one would keep a deleted or replaced file alive.
/// </summary>
internal sealed class SqliteFile(string path, SqliteSchema schema, Durability durability)
{
    private const string SharedPragmas = "PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;";

    private int _generation;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Goes up when the file has failed: connections opened before are not to be used again.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Creates the file if need be and brings its schema up to date. Once, at start.</summary>
    /// <exception cref="StorageException">With one line that names the file.</exception>
    public void Prepare()
    {
        try
        {
            using var connection = Connect(SqliteOpenMode.ReadWriteCreate);
            schema.Check(connection, Path);
            Execute(connection, "PRAGMA journal_mode = WAL");
            schema.Migrate(connection);
        }
        catch (SqliteException broken)
        {
            throw new StorageException(Path, $"{Path} cannot be used: {broken.Message}", broken);
        }
    }

    /// <summary>The writer's connection. It does not create a file: one that went away must not be replaced by an empty one.</summary>
    public SqliteSession OpenWriter() => Open(
        $"{SharedPragmas} PRAGMA synchronous = {durability}; PRAGMA wal_autocheckpoint = 0; "
        + "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000");

    /// <summary>A connection that cannot write.</summary>
    public SqliteSession OpenReader() => Open($"{SharedPragmas} PRAGMA query_only = 1");

    /// <summary>Declares every connection opened so far as stale.</summary>
    public void Renew() => Interlocked.Increment(ref _generation);

    /// <summary>SQLite writes on into a file that was deleted; so it is looked for before each batch.</summary>
    public void MustExist()
    {
        if (!File.Exists(Path))
        {
            throw new StorageException(Path, $"{Path} is gone");
        }
    }

    private SqliteSession Open(string pragmas)
    {
        var generation = Generation;
        MustExist();
        var connection = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            schema.Check(connection, Path);
            Execute(connection, pragmas);
            return new SqliteSession(connection, generation);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
