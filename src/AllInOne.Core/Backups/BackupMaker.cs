using AllInOne.Core.Backups.Archives;
using AllInOne.Core.Documents.LiteDb;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Backups;

/// <summary>
/// Makes one archive and blocks until it is complete: takes the snapshot, copies the files, and writes the zip. It works in a directory beside the
/// target and renames the archive at the end, so a failure at any step leaves nothing.
/// </summary>
/// <param name="files">The files to save.</param>
/// <param name="writers">The writers of these files; empty if no server runs.</param>
internal sealed class BackupMaker(IReadOnlyList<SqliteFile> files, IReadOnlyList<FileWriter> writers, TimeSpan standStill)
{
    public const string PartialSuffix = ".partial";

    /// <param name="path">The path of the archive. The file must not exist.</param>
    /// <exception cref="BackupException">The archive cannot be made. The message has the reason.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BackupManifest Make(string path, DateTimeOffset time, CancellationToken cancel)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var work = Path.Combine(directory, $".{Path.GetFileName(path)}{PartialSuffix}");
        MustBeAllFiles();
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

    /// <summary>Deletes the working directory of a backup. Files that cannot be deleted stay.</summary>
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

    /// <summary>A backup without the documents would look complete and restore nothing of them. All files are in one directory.</summary>
    private void MustBeAllFiles()
    {
        var documents = Path.Combine(Path.GetDirectoryName(files[0].Path)!, LiteDocuments.FileName);
        if (File.Exists(documents))
        {
            throw new BackupException(
                $"{documents} is a file of LiteDB, which backups do not include: stop the server and copy the data directory, or use Documents:Engine=Sqlite without this file");
        }
    }

    private (List<CopiedFile> Copies, long LastSeq) Copy(string work, CancellationToken cancel)
    {
        using var moment = SnapshotSet.Take(files, writers, standStill);
        // Room for the copies and, in the worst case, for an archive of the same size.
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
