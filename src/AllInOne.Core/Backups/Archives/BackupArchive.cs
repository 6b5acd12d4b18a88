using System.IO.Compression;
using System.Text;

namespace AllInOne.Core.Backups.Archives;

/// <summary>
/// The file format of a backup: a zip with the database files, <c>backup.json</c>, and a seal as the comment of the zip. The seal is <c>sha256:</c>
/// and the hash of everything before it. A zip contains bytes that no reader checks; the seal detects a change of any byte. Every zip program can
/// still read the file.
/// </summary>
internal static class BackupArchive
{
    private const string SealPrefix = "sha256:";
    private const int HashLength = 64;

    /// <summary>Writes a new archive and flushes it to the disk.</summary>
    /// <param name="copies">The files with their names in the archive. Their hashes are calculated while they are copied.</param>
    public static BackupManifest Write(
        string path, DateTimeOffset time, long lastSeq, IReadOnlyList<CopiedFile> copies, CancellationToken cancel)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        BackupManifest manifest;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.Comment = SealPrefix + new string('0', HashLength);
            manifest = BackupManifest.Of(time, lastSeq, [.. copies.Select(copy => Add(zip, copy, time, cancel))]);
            using var last = Entry(zip, BackupManifest.FileName, time).Open();
            last.Write(manifest.ToJson());
        }

        var hash = HashBefore(file, file.Length - HashLength, cancel);
        file.Position = file.Length - HashLength;
        file.Write(Encoding.ASCII.GetBytes(hash));
        file.Flush(flushToDisk: true);
        return manifest;
    }

    /// <summary>Checks the seal.</summary>
    /// <exception cref="BackupException">The file is not an archive of this program, or was changed.</exception>
    public static void CheckSeal(FileStream file, CancellationToken cancel)
    {
        var end = new byte[SealPrefix.Length + HashLength];
        if (file.Length > end.Length)
        {
            file.Position = file.Length - end.Length;
            file.ReadExactly(end);
        }

        var seal = Encoding.ASCII.GetString(end);
        if (!seal.StartsWith(SealPrefix, StringComparison.Ordinal))
        {
            throw new BackupException("it is no backup of this program, or its end is missing");
        }

        if (HashBefore(file, file.Length - HashLength, cancel) != seal[SealPrefix.Length..])
        {
            throw new BackupException("it is damaged: its checksum does not hold");
        }
    }

    private static BackupFile Add(ZipArchive zip, CopiedFile copy, DateTimeOffset time, CancellationToken cancel)
    {
        using var source = File.OpenRead(copy.Path);
        using var target = Entry(zip, copy.Name, time).Open();
        var (bytes, hash) = HashedCopy.Run(source, target, long.MaxValue, cancel);
        return new BackupFile(copy.Name, copy.Schema, bytes, hash);
    }

    private static ZipArchiveEntry Entry(ZipArchive zip, string name, DateTimeOffset time)
    {
        // The server works at the same time, so a fast compression is better: ten times the work would not even halve the size.
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = time;
        return entry;
    }

    private static string HashBefore(FileStream file, long end, CancellationToken cancel)
    {
        file.Position = 0;
        var (bytes, hash) = HashedCopy.Run(file, Stream.Null, end, cancel);
        return bytes == end ? hash : throw new EndOfStreamException("it has become shorter while it was read");
    }
}

/// <summary>A database file that was copied from its snapshot, for an archive.</summary>
internal sealed record CopiedFile(string Name, long Schema, string Path);
