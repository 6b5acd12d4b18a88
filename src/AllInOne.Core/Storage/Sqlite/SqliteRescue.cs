using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The rescue of a deleted file that is in use, or of its deleted log. The system keeps the bytes as long as a connection is open,
/// so all that was ever committed is still reached through it, and only through it: it is kept until all of it is in the file, and no code
/// opens the file anew meanwhile (<see cref="SqliteFile.Gone"/>). One thread at a time.
/// </summary>
internal sealed class SqliteRescue(SqliteFile file, SqliteSession session, TimeProvider time)
{
    /// <summary>So long may readers of an old state hold up what is in the log; no query of ours may take longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const string Ending = ".rescue";
    private const string PartialEnding = Ending + ".partial";

    private readonly long _started = time.GetTimestamp();
    private bool _isCopied;

    private string Copy => file.Path + Ending;

    /// <summary>
    /// To be called before the file is opened for the first time: ends what a process began that died in a rescue. A whole copy holds all that was
    /// committed, so it becomes the file; but not if another file has been put there since. The file or the copy is deleted only after the other one was found intact.
    /// </summary>
    /// <exception cref="StorageException">With one line that names the file, the fault and the remedy.</exception>
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
        // When no reader needs an older state, all of it is in the file, and the next write begins a log from its start.
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

        // Only what is whole has the name which the next start trusts.
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
        // A log without its file must not be taken for the new file's own.
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(copy, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
