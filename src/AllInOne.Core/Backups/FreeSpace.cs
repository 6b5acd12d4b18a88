namespace AllInOne.Core.Backups;

/// <summary>Checks the free space of a disk before something large is written, so that this does not fill the disk of the server.</summary>
internal static class FreeSpace
{
    /// <summary>The free space that is left for all other files.</summary>
    private const long Reserve = 16 * 1024 * 1024;

    /// <exception cref="BackupException">The disk has not enough free space.</exception>
    public static void MustHold(string directory, long bytes)
    {
        var free = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        // A sum could overflow, because a size from an archive may be any number.
        if (bytes > free - Reserve)
        {
            throw new BackupException($"the disk of {directory} has {free / 1024} KiB free, and {bytes / 1024} KiB are needed");
        }
    }
}
