using System.Security.Cryptography;
using AllInOne.Core.Documents.LiteDb.Files.Disk;
using AllInOne.Core.Storage;
using LiteDB.Engine;
using LiteDB;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// Creates a data file and its log. The data file gets its name last, when both are on the disk, so a loss of power leaves either both files or none
/// that counts.
/// </summary>
internal static class NewLiteFile
{
    private const string Suffix = ".new";

    /// <summary>Deletes what an interrupted creation has left.</summary>
    /// <exception cref="StorageException">It cannot be deleted, or the log has transactions whose data file is missing.</exception>
    public static void DeleteRemains(string path, string log, FileOpener opener)
    {
        try
        {
            File.Delete(path + Suffix);
            if (!File.Exists(path) && File.Exists(log))
            {
                if (!LogFile.IsUnused(log, opener))
                {
                    throw LiteFault.Lost(path, $"is missing, but {Path.GetFileName(log)} is there");
                }

                File.Delete(log);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw LiteFault.Of(path + Suffix, "deleted", failure);
        }
    }

    /// <exception cref="StorageException">The files cannot be created, for example because the disk is full. No file with the path exists then.</exception>
    public static void Create(string path, string log, FileOpener opener)
    {
        var draft = path + Suffix;
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        using (var file = LiteFault.Opening(draft, () => opener(draft, FileMode.Create)))
        {
            Fill(draft, file);
            var start = new byte[LiteFileHeader.Bytes];
            file.Read(0, start);
            LogFile.Create(log, LiteFileHeader.Identify(draft, start), opener);
        }

        try
        {
            DirectorySync.Flush(directory);
            File.Move(draft, path);
            DirectorySync.Flush(directory);
        }
        catch (IOException failure)
        {
            throw LiteFault.Of(path, "created", failure);
        }
    }

    private static void Fill(string draft, IFileIo file)
    {
        using var data = new DataStream(file) { AcceptsWrites = true };
        using var log = new MemoryStream();
        var engine = GuardedEngine.Start(draft, data, log);
        try
        {
            // From now on LiteDB makes no checkpoint by itself: neither after a commit nor when it is closed.
            engine.Pragma(Pragmas.CHECKPOINT, 0);
            engine.Pragma(Pragmas.USER_VERSION, RandomNumberGenerator.GetInt32(1, int.MaxValue));
            engine.Checkpoint();
            data.Flush();
        }
        catch (Exception failure) when (failure is IOException or LiteException)
        {
            throw LiteFault.Of(draft, "written", failure);
        }
        finally
        {
            data.Detach();
            GuardedEngine.Discard(engine);
        }

        if (!data.IsSynced)
        {
            throw LiteFault.Of(draft, "written", data.Fault ?? new IOException("not all pages are on the disk"));
        }
    }
}
