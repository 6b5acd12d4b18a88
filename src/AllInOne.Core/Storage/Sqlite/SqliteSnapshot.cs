using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The state of a file at one moment, kept by a read transaction while the writer continues. It is copied with SQLite's backup API, which reads
/// within this transaction. <c>VACUUM INTO</c> would begin its own transaction, and so copy another moment. While the snapshot is open, the WAL
/// cannot start again from its beginning, so close it directly after the copy.
/// </summary>
internal sealed class SqliteSnapshot : IDisposable
{
    /// <summary>The number of pages between two checks for cancellation: 4 MiB at SQLite's usual page size.</summary>
    private const int PagesAtATime = 1024;

    private readonly SqliteFile _file;
    private readonly SqliteSession _session;

    /// <summary>Opens the connection, which takes a while. The snapshot is the moment of <see cref="Take"/>.</summary>
    public SqliteSnapshot(SqliteFile file) => (_file, _session) = (file, file.OpenReader());

    public string FileName => _file.Name;

    /// <summary>The number of the last schema step of the file.</summary>
    public long SchemaVersion => One("PRAGMA user_version");

    /// <summary>The size of a copy in bytes.</summary>
    public long Bytes => One("PRAGMA page_count") * One("PRAGMA page_size");

    /// <summary>Takes the snapshot. BEGIN alone does not take it; only a read does.</summary>
    public void Take()
    {
        _session["BEGIN"].Run();
        _session["SELECT count(*) FROM sqlite_schema"].Run();
    }

    /// <summary>Reads from the snapshot.</summary>
    public T Read<T>(Func<SqliteSession, T> read) => read(_session);

    /// <summary>Copies the snapshot to a new file. The caller must flush this file to the disk.</summary>
    /// <exception cref="StorageException">The snapshot cannot be read, or the copy cannot be written.</exception>
    public void CopyTo(string path, CancellationToken cancel)
    {
        try
        {
            using var target = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
            target.Open();
            using (var faster = target.CreateCommand())
            {
                // An incomplete copy is deleted, so it needs no journal.
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
