using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// One moment of a file, kept by a read transaction while its writer continues. It is copied with SQLite's backup API, which reads
/// within that transaction; <c>VACUUM INTO</c> begins one of its own, and so would copy another moment. While it is held the log
/// (WAL) cannot start over, so it is held no longer than the copy takes.
/// </summary>
internal sealed class SqliteSnapshot : IDisposable
{
    /// <summary>4 MiB at SQLite's usual page: how often a copy looks whether it is still wanted.</summary>
    private const int PagesAtATime = 1024;

    private readonly SqliteFile _file;
    private readonly SqliteSession _session;

    /// <summary>Opens the connection, which takes a while; the moment is that of <see cref="Take"/>.</summary>
    public SqliteSnapshot(SqliteFile file) => (_file, _session) = (file, file.OpenReader());

    public string FileName => _file.Name;

    /// <summary>The number of its last schema step.</summary>
    public long SchemaVersion => One("PRAGMA user_version");

    /// <summary>What a copy of it takes.</summary>
    public long Bytes => One("PRAGMA page_count") * One("PRAGMA page_size");

    /// <summary>From here on it is this moment: only a read takes the snapshot, the BEGIN alone does not.</summary>
    public void Take()
    {
        _session["BEGIN"].Run();
        _session["SELECT count(*) FROM sqlite_schema"].Run();
    }

    /// <summary>Asks something of that moment.</summary>
    public T Read<T>(Func<SqliteSession, T> read) => read(_session);

    /// <summary>Writes it to a new file. It is for the caller to bring the file to the disk.</summary>
    /// <exception cref="StorageException">It cannot be read or written.</exception>
    public void CopyTo(string path, CancellationToken cancel)
    {
        try
        {
            using var target = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
            target.Open();
            using (var faster = target.CreateCommand())
            {
                // A copy that breaks off is thrown away.
                faster.CommandText = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF";
                faster.ExecuteNonQuery();
            }

            using var backup = raw.sqlite3_backup_init(target.Handle!, "main", _session.Handle, "main");
            var result = backup.IsInvalid ? raw.sqlite3_errcode(target.Handle!) : raw.SQLITE_OK;
            while (result == raw.SQLITE_OK)
            {
                cancel.ThrowIfCancellationRequested();
                result = raw.sqlite3_backup_step(backup, PagesAtATime);
            }

            if (result != raw.SQLITE_DONE)
            {
                SqliteException.ThrowExceptionForRC(result, target.Handle);
            }
        }
        catch (SqliteException broken)
        {
            throw SqliteFault.Of(_file.Path, "copied", broken);
        }
    }

    public void Dispose() => _session.Dispose();

    private long One(string constantSql) => _session[constantSql].Rows(row => row.Int64(0)).Single();
}
