using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// What to do when somebody has deleted a file that is in use, or its log. The system keeps the bytes as long as a connection is open,
/// so all that was ever committed is still reached through it, and only through it: it is kept until all of it is in the file, and nobody
/// opens the file anew meanwhile (<see cref="SqliteFile.Gone"/>). One thread at a time.
/// </summary>
internal sealed class SqliteRescue(SqliteFile file, SqliteSession session, TimeProvider time)
{
    /// <summary>So long may readers of an old state hold up what is in the log; no query of ours may take longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly long _started = time.GetTimestamp();
    private bool _isCopied;

    private string Copy => file.Path + ".rescue";

    /// <summary>Goes as far as it can now.</summary>
    /// <param name="isLast">Whether the connection is closed afterwards in any case: then nothing is waited for.</param>
    /// <returns>Null once the connection is to be closed and the file may be opened anew; else what is gone, and what it waits for.</returns>
    public FileGoneException? TryRun(bool isLast)
    {
        try
        {
            if (_isCopied)
            {
                PutBack();
                return null;
            }

            session.RollBack();
            if (FileIdentity.Of(file.Path) is not { } there)
            {
                if (!Directory.Exists(Path.GetDirectoryName(file.Path)))
                {
                    // It may come back as it was.
                    return new FileGoneException(file.Path);
                }

                CopyAll();
                return null;
            }

            // It is back; or somebody has put another one there, and wants that.
            return there != session.Place.File || FileIdentity.Of(file.Log) == session.Place.Log ? null : SaveLog(isLast);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException or StorageException)
        {
            var gone = FileIdentity.Of(file.Path) is null ? file.Path : file.Log;
            return new FileGoneException(gone, $"{gone} is gone, and cannot be put back: {failure.Message}");
        }
    }

    private FileGoneException? SaveLog(bool isLast)
    {
        // Once nobody reads an older state, all of it is in the file, and the next write begins a log from its start.
        if (WalState.TryEmpty(session))
        {
            return null;
        }

        if (isLast || time.GetElapsedTime(_started) >= Patience)
        {
            CopyAll();
            return null;
        }

        return new FileGoneException(
            file.Log,
            $"{file.Log} is gone: nothing is written until the open connection has copied into {file.Name} what was in it, which a reader that has not finished holds up");
    }

    private void CopyAll()
    {
        File.Delete(Copy);
        session["VACUUM INTO ?1"].Bind(1, Copy).Run();
        using (var copied = new FileStream(Copy, FileMode.Open, FileAccess.ReadWrite))
        {
            copied.Flush(flushToDisk: true);
        }

        _isCopied = true;
        PutBack();
    }

    private void PutBack()
    {
        if (File.Exists(Copy))
        {
            // A log without its file must not be taken for the new file's own.
            session.Dispose();
            File.Delete(file.Log);
            File.Delete(file.Path + "-shm");
            File.Move(Copy, file.Path, overwrite: true);
        }

        DirectorySync.Flush(Path.GetDirectoryName(file.Path)!);
        file.Prepare();
    }
}
