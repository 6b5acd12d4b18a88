using System.IO.Compression;
using System.Text;

namespace AllInOne.Core.Backups.Archives;

/// <summary>
/// The form of a backup's file: a zip with the database files, <c>backup.json</c>, and a seal as the zip's comment, which is
/// <c>sha256:</c> and the hash of everything before it. A zip has bytes that no reader looks at; with the seal not one of them can
/// change unseen. Any zip program reads it all the same.
/// </summary>
internal static class BackupArchive
{
    private const string SealPrefix = "sha256:";
    private const int HashLength = 64;

    /// <summary>Writes a new file and brings it to the disk.</summary>
    /// <param name="copies">The files, with what they are called in the archive; the hash is reckoned on the way.</param>
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

    /// <exception cref="BackupException">It is no archive of this program, or not as it was made.</exception>
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
        // The server works meanwhile, so a fast compression is better: ten times the work would not even halve the size.
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

/// <summary>A database file copied out of its snapshot, for an archive.</summary>
internal sealed record CopiedFile(string Name, long Schema, string Path);
