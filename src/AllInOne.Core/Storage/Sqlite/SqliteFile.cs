using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>How safe a commit is: it survives the death of the process (Normal), or also a loss of power (Full).</summary>
internal enum Durability
{
    Normal,
    Full,
}

/// <summary>The file and the WAL that a connection has open.</summary>
internal readonly record struct SqlitePlace(FileIdentity? File, FileIdentity? Log);

/// <summary>
/// One database file: creates it, updates its schema and opens it. The provider does not pool connections, because a pooled connection would keep a
/// deleted or replaced file open.
/// </summary>
internal sealed class SqliteFile(string path, SqliteSchema schema, Durability durability)
{
    private const string SharedPragmas = "PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;";

    private int _generation;
    private FileGoneException? _gone;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The durability of a commit that does not request more.</summary>
    public Durability Durability { get; } = durability;

    public bool Exists => File.Exists(Path);

    /// <summary>Whether the file has no data: it is missing or empty.</summary>
    public bool IsEmpty => SqliteBytes.Length(Path) is null or 0;

    /// <summary>The path of the WAL. The WAL exists as long as a connection is open.</summary>
    public string Log => Path + "-wal";

    /// <summary>Grows when the file has failed. Connections that were opened before must not be used again.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// While it is set, the file must not be opened. Only one connection still reaches the committed data, and a new connection would begin another
    /// WAL.
    /// </summary>
    public FileGoneException? Gone
    {
        get => Volatile.Read(ref _gone);
        set => Volatile.Write(ref _gone, value);
    }

    /// <summary>Creates the file if it does not exist, and updates its schema. Called once, at the start.</summary>
    /// <exception cref="StorageException">The file cannot be used. The message is one line that names the file.</exception>
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
            throw SqliteFault.AtStart(Path, broken);
        }
    }

    /// <summary>
    /// Refuses a file that cannot be used: damaged, without the data that its WAL belongs to, from another program or from a newer version.
    /// Changes neither the file nor its WAL. A file that is missing without a WAL is accepted: it is created later.
    /// </summary>
    /// <param name="mostBytes">The pages of a file that is larger than this are not examined.</param>
    /// <returns>Whether all pages were examined; true for a file without pages.</returns>
    /// <exception cref="StorageException">The file cannot be used. The message is one line that names the file, the fault and the remedy.</exception>
    public bool Check(long mostBytes)
    {
        try
        {
            MustBeFile();
            if (SqliteBytes.Fault(Path) is { } lost)
            {
                throw SqliteFault.Lost(Path, lost);
            }

            if (IsEmpty)
            {
                return true;
            }

            // If a file cannot be written, SQLite opens it for reading and reports this only at the first write.
            File.Open(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
            using var connection = ConnectLeavingTheLog();
            schema.Check(connection, Path);
            if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle!, "main") == 1)
            {
                throw new StorageException(Path, $"{Path} is damaged, or from a newer version: its header has a format that can only be read. {SqliteFault.Remedy}");
            }

            var isSmall = SqliteBytes.Length(Path) <= mostBytes;
            if (isSmall && SqliteSchema.Damage(connection) is { } damage)
            {
                throw new StorageException(Path, $"{Path} is damaged: {damage}. {SqliteFault.Remedy}");
            }

            if (schema.Stranger(connection) is { } stranger)
            {
                throw new StorageException(Path, $"{Path} {stranger}. Use another data directory, or move the file away");
            }

            return isSmall;
        }
        catch (SqliteException broken)
        {
            throw SqliteFault.AtStart(Path, broken);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new StorageException(Path, $"{Path} cannot be opened: {refused.Message} Give the server's user the right to read and write it", refused);
        }
        catch (IOException broken)
        {
            throw new StorageException(Path, $"{Path} cannot be opened: {broken.Message}", broken);
        }
    }

    /// <summary>Refuses a directory or a symbolic link in the place of the file, or in the place of a file that SQLite keeps beside it.</summary>
    /// <exception cref="StorageException">There is one. The message is one line that names the path, the fault and the remedy.</exception>
    public void MustBeFile()
    {
        foreach (var path in new[] { Path, Log, Path + "-shm", Path + "-journal" })
        {
            if (SqliteBytes.Obstacle(path) is { } obstacle)
            {
                throw SqliteFault.Lost(path, obstacle);
            }
        }
    }

    /// <summary>
    /// Whether a writer has ever committed to the file, see <see cref="SqliteSchema.HasCommits"/>. Call it after <see cref="Check"/>. It changes
    /// neither the file nor its WAL.
    /// </summary>
    public bool HasCommits()
    {
        if (IsEmpty)
        {
            return false;
        }

        using var connection = ConnectLeavingTheLog();
        return SqliteSchema.HasCommits(connection);
    }

    /// <summary>A file with the same schema at another path.</summary>
    public SqliteFile At(string path) => new(path, schema, Durability);

    /// <summary>
    /// Copies the rest of the WAL into the file and deletes the WAL, so that the file alone has all data. Call it after the last connection is
    /// closed. If this is not possible, it leaves both as they are, and the next start reads the WAL.
    /// </summary>
    public void MergeLog()
    {
        if (!Exists || !File.Exists(Log))
        {
            return;
        }

        try
        {
            using var connection = Connect(SqliteOpenMode.ReadWrite);
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // The disk is full or broken. No data is lost.
        }
    }

    /// <summary>
    /// Reads the whole database. Returns its fault, also if it is the database of another program; null if it is intact. It may come from an older
    /// version of this program, but not from a newer one.
    /// </summary>
    public string? Examine()
    {
        try
        {
            using var connection = Connect(SqliteOpenMode.ReadWrite);
            return schema.Examine(connection);
        }
        catch (SqliteException broken)
        {
            return broken.Message;
        }
    }

    /// <summary>Opens the connection of the writer. It does not create a file, because a missing file must not be replaced by an empty one.</summary>
    public SqliteSession OpenWriter() => Open(
        $"{SharedPragmas} PRAGMA synchronous = {Durability}; PRAGMA wal_autocheckpoint = 0; "
        + "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000");

    /// <summary>Opens a connection that cannot write.</summary>
    public SqliteSession OpenReader()
    {
        var session = LeavingTheLog(Open($"{SharedPragmas} PRAGMA query_only = 1"));
        ContainsFunction.AddTo(session.Handle);
        return session;
    }

    /// <summary>Opens the connection that copies the WAL into the file while the writer continues.</summary>
    public SqliteSession OpenCheckpointer() => LeavingTheLog(OpenWriter());

    /// <summary>Marks every connection opened so far as stale.</summary>
    public void Renew() => Interlocked.Increment(ref _generation);

    /// <summary>Whether the file and the WAL on the disk are still the ones that the connection has open.</summary>
    public bool IsWhole(SqliteSession session) => MissingOf(session.Place) is null;

    /// <summary>
    /// Throws if the file or the WAL of the connection was deleted or replaced. SQLite does not notice this and still writes to the deleted file, so
    /// it is checked before and after each batch.
    /// </summary>
    public void MustBeWhole(SqliteSession session)
    {
        if (MissingOf(session.Place) is { } missing)
        {
            throw new FileGoneException(missing);
        }
    }

    private string? MissingOf(SqlitePlace place) =>
        FileIdentity.Of(Path) != place.File ? Path
        : FileIdentity.Of(Log) != place.Log ? Log
        : null;

    private static SqliteSession LeavingTheLog(SqliteSession session)
    {
        session.KeepLogOnClose();
        return session;
    }

    private SqliteConnection ConnectLeavingTheLog()
    {
        var connection = Connect(SqliteOpenMode.ReadWrite);
        if (File.Exists(Log))
        {
            SQLitePCL.raw.sqlite3_db_config(connection.Handle!, SqliteSession.NoCheckpointOnClose, 1, out _);
        }

        return connection;
    }

    private SqliteSession Open(string pragmas)
    {
        var generation = Generation;
        if (Gone is { } gone)
        {
            throw new FileGoneException(gone.Path, gone.Message);
        }

        if (!Exists)
        {
            throw new FileGoneException(Path);
        }

        var connection = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            schema.Check(connection, Path);
            Execute(connection, pragmas);
            return new SqliteSession(connection, generation, new SqlitePlace(FileIdentity.Of(Path), FileIdentity.Of(Log)));
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
