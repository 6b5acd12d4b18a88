using AllInOne.Core.Backups.Archives;
using AllInOne.Core.Data;
using AllInOne.Core.Documents.LiteDb;
using AllInOne.Core.Documents.Sqlite;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values.Times;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Backups;

/// <summary>
/// Backups of a data directory that no server uses, for the command line. The caller must hold the claim of the directory. Each method either
/// completes or leaves everything unchanged and throws an exception with the reason in one line.
/// </summary>
public static class OfflineBackups
{
    private static readonly string[] SideFiles = ["", "-wal", "-shm", "-journal", ".rescue", ".rescue.partial"];

    /// <summary>Makes a backup in the configured directory, or as the given file. Returns the path of the archive.</summary>
    /// <param name="to">The path of a file that does not exist yet; null for the directory of <paramref name="options"/>, with its retention.</param>
    /// <exception cref="BackupException">The backup cannot be made.</exception>
    public static string Create(DataDirectory data, BackupsOptions options, string? to, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        EndRescues(data);
        var files = DataFiles.In(data.Path).Where(file => file.Exists).ToList();
        if (files.Count == 0)
        {
            throw new BackupException($"there is nothing to save in {data.Path}");
        }

        var shelf = new BackupShelf(Path.Combine(data.Path, options.Directory));
        var name = BackupName.At(clock.GetUtcNow());
        var path = to ?? shelf.PathOf(name);
        new BackupMaker(files, [], options.StandStillTimeout).Make(path, name.Time, CancellationToken.None);
        if (to is null)
        {
            shelf.DeleteOld(options.Keep, name);
        }

        return path;
    }

    /// <summary>
    /// Verifies the whole archive, then replaces the current files with its files. The current files are moved to a directory
    /// <c>before-restore-…</c>. If the process dies at any moment, one complete set of files is left (<see cref="FileSwap"/>). No event number and no
    /// version of a document that a client has seen is used again, and a client with an older cursor gets a reset.
    /// </summary>
    /// <exception cref="BackupException">The archive cannot be restored. The data directory is unchanged.</exception>
    public static Restored Restore(DataDirectory data, string archive, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(clock);
        return Restore(data, archive, clock, new FileSwap(data.Path));
    }

    internal static Restored Restore(DataDirectory data, string archive, TimeProvider clock, FileSwap swap)
    {
        try
        {
            using var reader = BackupReader.Open(archive, sealedOnly: true, CancellationToken.None);
            // Room for the files and, in the worst case, for WALs of the same size while versions are raised.
            FreeSpace.MustHold(data.Path, 2 * reader.TotalBytes);
            var staging = swap.Stage();
            try
            {
                Unpack(reader, staging);
                RaiseFloors(staging, NextSeq(data.Path, reader.Manifest, clock));
            }
            catch
            {
                BackupMaker.Discard(staging);
                throw;
            }

            var old = DataFiles.In(data.Path).SelectMany(file => SideFiles.Select(side => file.Name + side)).Concat(LiteDocuments.FileNames).ToList();
            var aside = FreeName(data.Path, clock);
            var arriving = DataFiles.In(staging).Where(file => file.Exists).Select(file => file.Name).ToList();
            swap.Swap(staging, arriving, old, Path.GetFileName(aside));
            return new Restored(reader.Manifest.Time, reader.Manifest.Files, Directory.Exists(aside) ? aside : null);
        }
        catch (Exception broken) when (broken is StorageException or SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException(broken.Message, broken);
        }
    }

    private static void EndRescues(DataDirectory data)
    {
        try
        {
            DataFiles.EndRescues(data.Path);
        }
        catch (StorageException broken)
        {
            throw new BackupException(broken.Message, broken);
        }
    }

    private static void Unpack(BackupReader reader, string staging)
    {
        var known = DataFiles.In(staging).ToDictionary(file => file.Name, StringComparer.Ordinal);
        foreach (var entry in reader.Manifest.Files)
        {
            if (!known.TryGetValue(entry.Name, out var file))
            {
                throw new BackupException($"{entry.Name} in it is no file of this program: use the version that made it");
            }

            reader.Extract(entry, file.Path, CancellationToken.None);
            if (file.Examine() is { } problem)
            {
                throw new BackupException($"{entry.Name} in it cannot be used: {problem}");
            }

        }
    }

    private static void RaiseFloors(string staging, long floor)
    {
        var history = DataFiles.History(staging);
        if (!history.Exists)
        {
            // Event numbers must continue after the numbers that clients know, even if the archive has no history.
            history.Prepare();
        }

        Change(history, session => HistoryQueries.RaiseFloor(session, floor));
        var main = DataFiles.Main(staging);
        if (main.Exists)
        {
            Change(main, session => CollectionRows.RaiseVersions(session, floor));
        }
    }

    private static void Change(SqliteFile file, Action<SqliteSession> change)
    {
        using (var session = file.OpenWriter())
        {
            session["BEGIN IMMEDIATE"].Run();
            change(session);
            session["COMMIT"].Run();
        }

        // Closing the last connection copies the WAL into the file. Only the file is moved to the data directory.
        if (File.Exists(file.Log))
        {
            throw new BackupException($"{file.Name} in it cannot be brought into one file");
        }
    }

    /// <summary>A number above all numbers that clients may have seen: in the archive, in the current files, and the current time.</summary>
    private static long NextSeq(string directory, BackupManifest manifest, TimeProvider clock)
    {
        var now = Microseconds.From(clock.GetUtcNow());
        return Math.Max(Math.Max(now, manifest.LastSeq), LastSeqIn(directory)) + 1;
    }

    private static long LastSeqIn(string directory)
    {
        try
        {
            using var session = DataFiles.History(directory).OpenReader();
            return HistoryQueries.Ends(session).Last;
        }
        catch (Exception broken) when (broken is StorageException or SqliteException)
        {
            // The file is missing or broken, which may be the reason for the restore. Then the current time is used alone.
            return 0;
        }
    }

    private static string FreeName(string directory, TimeProvider clock)
    {
        for (var time = clock.GetUtcNow(); ; time = time.AddMilliseconds(1))
        {
            var path = Path.Combine(directory, FormattableString.Invariant($"before-restore-{time:yyyyMMdd'T'HHmmssfff'Z'}"));
            if (!Directory.Exists(path))
            {
                return path;
            }
        }
    }
}

/// <summary>The result of a restore.</summary>
/// <param name="Time">The moment of the restored data.</param>
/// <param name="Aside">The directory with the previous files; null if there were none.</param>
public sealed record Restored(DateTimeOffset Time, IReadOnlyList<BackupFile> Files, string? Aside);
