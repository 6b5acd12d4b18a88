using AllInOne.Core.Backups.Archives;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Backups;

/// <summary>
/// Makes one archive, blocking: the moment, the copies, the zip, its name. All is made in a directory beside the target and renamed
/// at the end: a failure at any step leaves nothing behind.
/// </summary>
/// <param name="files">The files to save.</param>
/// <param name="writers">Their writers; none where no server runs.</param>
internal sealed class BackupMaker(IReadOnlyList<SqliteFile> files, IReadOnlyList<SqliteWriter> writers, TimeSpan standStill)
{
    public const string PartialSuffix = ".partial";

    /// <param name="path">Where it goes; there must be nothing yet.</param>
    /// <exception cref="BackupException">It cannot be made, and why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BackupManifest Make(string path, DateTimeOffset time, CancellationToken cancel)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var work = Path.Combine(directory, $".{Path.GetFileName(path)}{PartialSuffix}");
        try
        {
            Directory.CreateDirectory(work);
            var (copies, lastSeq) = Copy(work, cancel);
            var archive = Path.Combine(work, "archive.zip");
            var manifest = BackupArchive.Write(archive, time, lastSeq, copies, cancel);
            File.Move(archive, path, overwrite: false);
            DirectorySync.Flush(directory);
            return manifest;
        }
        catch (Exception broken) when (broken is StorageException or SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException(broken.Message, broken);
        }
        finally
        {
            Discard(work);
        }
    }

    /// <summary>Away with what a backup has left that was not finished. What cannot be deleted stays.</summary>
    public static void Discard(string work)
    {
        try
        {
            Directory.Delete(work, recursive: true);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            // The directory does no harm, and the next start tries again.
        }
    }

    private (List<CopiedFile> Copies, long LastSeq) Copy(string work, CancellationToken cancel)
    {
        using var moment = SnapshotSet.Take(files, writers, standStill);
        // The copies and, at worst, an archive of the same size.
        FreeSpace.MustHold(work, 2 * moment.Files.Sum(file => file.Bytes));
        var copies = new List<CopiedFile>();
        var lastSeq = 0L;
        foreach (var file in moment.Files)
        {
            var copy = new CopiedFile(file.FileName, file.SchemaVersion, Path.Combine(work, file.FileName));
            if (file.FileName == HistoryStore.FileName)
            {
                lastSeq = file.Read(HistoryQueries.Ends).Last;
            }

            file.CopyTo(copy.Path, cancel);
            copies.Add(copy);
        }

        return (copies, lastSeq);
    }
}
