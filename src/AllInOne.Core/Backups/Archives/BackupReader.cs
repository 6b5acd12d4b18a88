using System.IO.Compression;

namespace AllInOne.Core.Backups.Archives;

/// <summary>
/// Reads an archive without trust in its contents: it must have exactly the files that <c>backup.json</c> lists, and no more is written than the
/// sizes in this list.
/// </summary>
internal sealed class BackupReader : IDisposable
{
    /// <summary>The maximum size of a file; it is also the limit of SQLite, 256 TiB.</summary>
    private const long MaxFileBytes = 1L << 48;

    private readonly FileStream _file;
    private readonly ZipArchive _zip;

    private BackupReader(FileStream file, ZipArchive zip, BackupManifest manifest) => (_file, _zip, Manifest) = (file, zip, manifest);

    public BackupManifest Manifest { get; }

    /// <summary>The size of the unpacked files in bytes.</summary>
    public long TotalBytes => Manifest.Files.Sum(file => file.Bytes);

    /// <param name="sealedOnly">True to read the whole file and check its seal. A list of archives does not need this.</param>
    /// <exception cref="BackupException">The file is damaged, is not an archive of this program, or comes from a newer version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BackupReader Open(string path, bool sealedOnly, CancellationToken cancel)
    {
        // Another process may delete the file while it is open.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        ZipArchive? zip = null;
        try
        {
            if (sealedOnly)
            {
                BackupArchive.CheckSeal(file, cancel);
            }

            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var manifest = ReadManifest(zip);
            CheckEntries(zip, manifest);
            return new BackupReader(file, zip, manifest);
        }
        catch (Exception broken)
        {
            zip?.Dispose();
            file.Dispose();
            if (broken is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException)
            {
                throw new BackupException($"it is no archive, or a damaged one: {broken.Message}", broken);
            }

            throw;
        }
    }

    /// <summary>Unpacks one file and flushes it to the disk.</summary>
    /// <exception cref="BackupException">The file is not as <c>backup.json</c> describes it.</exception>
    public void Extract(BackupFile file, string path, CancellationToken cancel)
    {
        try
        {
            using var source = _zip.GetEntry(file.Name)!.Open();
            using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            var (bytes, hash) = HashedCopy.Run(source, target, file.Bytes, cancel);
            if (source.ReadByte() >= 0)
            {
                throw new BackupException($"{file.Name} in it is larger than it says");
            }

            if (bytes != file.Bytes || hash != file.Sha256)
            {
                throw new BackupException($"{file.Name} in it is damaged: its checksum does not hold");
            }

            target.Flush(flushToDisk: true);
        }
        catch (Exception broken) when (broken is InvalidDataException or NotSupportedException)
        {
            throw new BackupException($"{file.Name} in it is damaged: {broken.Message}", broken);
        }
    }

    public void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }

    private static BackupManifest ReadManifest(ZipArchive zip)
    {
        var entry = zip.GetEntry(BackupManifest.FileName) ?? throw new BackupException($"it is no backup: there is no {BackupManifest.FileName} in it");
        using var source = entry.Open();
        var json = new byte[BackupManifest.MaxBytes + 1];
        var length = source.ReadAtLeast(json, json.Length, throwOnEndOfStream: false);
        return length <= BackupManifest.MaxBytes
            ? BackupManifest.Parse(json.AsSpan(0, length))
            : throw new BackupException($"its {BackupManifest.FileName} is larger than {BackupManifest.MaxBytes} bytes");
    }

    private static void CheckEntries(ZipArchive zip, BackupManifest manifest)
    {
        var names = zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal);
        var promised = manifest.Files.Select(file => file.Name).Append(BackupManifest.FileName).Order(StringComparer.Ordinal).ToList();
        if (manifest.Files.Count == 0 || promised.Distinct().Count() < promised.Count || !names.SequenceEqual(promised))
        {
            throw new BackupException($"what is in it is not what its {BackupManifest.FileName} says");
        }

        foreach (var file in manifest.Files)
        {
            if (file.Bytes is < 0 or > MaxFileBytes || zip.GetEntry(file.Name)!.Length != file.Bytes)
            {
                throw new BackupException($"{file.Name} in it has not the size that it says");
            }
        }
    }
}
