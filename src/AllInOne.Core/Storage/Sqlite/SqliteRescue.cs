using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The rescue of a deleted file that is in use, or of its deleted WAL. The operating system keeps the bytes as long as a connection is open, so this
/// connection still reaches all committed data, and no other connection does. It stays open until all of the data is in the file, and no code opens
/// the file again before that (<see cref="SqliteFile.Gone"/>). For one thread at a time.
/// </summary>
internal sealed class SqliteRescue(SqliteFile file, SqliteSession session, TimeProvider time)
{
    /// <summary>How long the rescue of a WAL waits for readers of an older state. It must be longer than any query of the server.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const string Ending = ".rescue";
    private const string PartialEnding = Ending + ".partial";

    private readonly long _started = time.GetTimestamp();
    private bool _isCopied;

    private string Copy => file.Path + Ending;

    /// <summary>
    /// Completes or removes what a process has left that died during a rescue. Call it before the file is opened for the first time. A complete copy
    /// has all committed data, so it becomes the file, unless a newer file has been put in its place. The file or the copy is deleted only after the
    /// other one was found intact.
    /// </summary>
    /// <exception cref="StorageException">The message is one line that names the file, the fault and the remedy.</exception>
    public static void EndAbandoned(SqliteFile file)
    {
        var path = file.Path;
        try
        {
            File.Delete(path + PartialEnding);
            var copy = path + Ending;
            if (!File.Exists(copy))
            {
                return;
            }

            file.MustBeFile();
            if (!file.IsEmpty && File.GetLastWriteTimeUtc(path) > File.GetLastWriteTimeUtc(copy))
            {
                file.Check(long.MaxValue);
                File.Delete(copy);
                return;
            }

            if (file.At(copy).Examine() is { } problem)
            {
                throw new StorageException(
                    copy, $"{copy} cannot take the place of {file.Name}, from which it was rescued: {problem.TrimEnd('.')}. Restore a backup with the command 'backup restore FILE'. To start without the copy, move it away");
            }

            Replace(path, copy);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(path, $"{path} cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>Does as much of the rescue as is possible now.</summary>
    /// <param name="isLast">True: the connection is closed afterwards in any case, so the rescue does not wait.</param>
    /// <returns>
    /// Null if the rescue is complete: the connection must be closed, and the file may be opened again. Otherwise the missing file, and the reason
    /// for the wait.
    /// </returns>
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
                    // The directory may come back unchanged, for example after a mount.
                    return new FileGoneException(file.Path);
                }

                CopyAll();
                return null;
            }

            // The file is back, or it was replaced intentionally.
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
        // If no reader needs an older state, all data is in the file now, and the next write begins the WAL from its start.
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
        var partial = file.Path + PartialEnding;
        File.Delete(partial);
        session["VACUUM INTO ?1"].Bind(1, partial).Run();
        using (var copied = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
        {
            copied.Flush(flushToDisk: true);
        }

        // Only a complete copy gets the name that the next start trusts.
        File.Move(partial, Copy, overwrite: true);

        _isCopied = true;
        PutBack();
    }

    private void PutBack()
    {
        if (File.Exists(Copy))
        {
            session.Dispose();
            Replace(file.Path, Copy);
        }

        file.Prepare();
    }

    private static void Replace(string path, string copy)
    {
        // SQLite must not read a WAL of the lost file as the WAL of the new file.
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(copy, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
