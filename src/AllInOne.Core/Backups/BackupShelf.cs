using System.Collections.Concurrent;
using AllInOne.Core.Backups.Archives;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Backups;

/// <summary>The directory of backups. It lists backups by their names, and deletes old ones. Thread-safe.</summary>
internal sealed class BackupShelf(string directory)
{
    // Archives do not change, so a list does not read them again.
    private readonly ConcurrentDictionary<BackupName, BackupSnapshot> _known = new();

    public string Directory => directory;

    public string PathOf(BackupName name) => Path.Combine(directory, name.ToString());

    /// <summary>The names of the archives, newest first.</summary>
    public IReadOnlyList<BackupName> Names() => System.IO.Directory.Exists(directory)
        ? [.. System.IO.Directory.EnumerateFiles(directory, "*.zip").Select(NameOf).OfType<BackupName>().OrderDescending()]
        : [];

    /// <summary>The archives with their descriptions, newest first.</summary>
    /// <exception cref="UnavailableException">The directory cannot be read.</exception>
    public IReadOnlyList<BackupSnapshot> List()
    {
        IReadOnlyList<BackupName> names;
        try
        {
            names = Names();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UnavailableException($"The backups cannot be listed: {unreadable.Message}", unreadable);
        }

        foreach (var gone in _known.Keys.Except(names))
        {
            _known.TryRemove(gone, out _);
        }

        return [.. names.Select(Describe).OfType<BackupSnapshot>()];
    }

    /// <summary>
    /// Removes the rights of other users from the archives, and from the directory unless it is shared. Returns one line for each path where this
    /// failed.
    /// </summary>
    public IReadOnlyList<string> Tighten() =>
    [
        .. OwnerOnly.Report(directory, () => Names().Select(PathOf).SelectMany(OwnerOnly.Tighten)),
        .. DataDirectory.TightenUnlessShared(directory),
    ];

    /// <summary>Opens an archive for reading; null if it does not exist.</summary>
    public FileStream? Open(BackupName name)
    {
        try
        {
            return new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, useAsync: true);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Deletes an archive. Returns false if it does not exist.</summary>
    public bool Delete(BackupName name)
    {
        if (!File.Exists(PathOf(name)))
        {
            return false;
        }

        File.Delete(PathOf(name));
        DirectorySync.Flush(directory);
        return true;
    }

    /// <summary>
    /// Keeps the <paramref name="keep"/> newest archives up to the time <paramref name="newest"/>, deletes older ones, and returns the deleted
    /// archives. An archive with a later time was made before the clock was set back. Its age is unknown, so it does not count and is not deleted
    /// until the clock has passed its time.
    /// </summary>
    public IReadOnlyList<BackupName> DeleteOld(int keep, BackupName newest)
    {
        var old = Names().Where(name => name < newest).Skip(keep - 1).ToList();
        foreach (var name in old)
        {
            Delete(name);
        }

        return old;
    }

    /// <summary>
    /// Deletes archives that were incomplete when the process died. Called at the start, before a new archive is made. Does nothing if the directory
    /// cannot be read.
    /// </summary>
    public void DiscardPartial()
    {
        try
        {
            foreach (var work in System.IO.Directory.EnumerateDirectories(directory, $".*{BackupMaker.PartialSuffix}"))
            {
                if (NameOf(Path.GetFileName(work)[1..^BackupMaker.PartialSuffix.Length]) is not null)
                {
                    BackupMaker.Discard(work);
                }
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // A later backup into this directory fails with the reason; Tighten reports the reason at the start.
        }
    }

    private BackupSnapshot? Describe(BackupName name)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        try
        {
            var bytes = new FileInfo(PathOf(name)).Length;
            using var reader = BackupReader.Open(PathOf(name), sealedOnly: false, CancellationToken.None);
            return _known[name] = new BackupSnapshot(name, BackupState.Done, bytes, reader.Manifest.Files);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception broken) when (broken is BackupException or IOException or UnauthorizedAccessException)
        {
            return new BackupSnapshot(name, BackupState.Unreadable, Error: broken.Message);
        }
    }

    private static BackupName? NameOf(string path) => BackupName.TryParse(Path.GetFileName(path), out var name) ? name : null;
}
