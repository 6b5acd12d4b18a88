namespace AllInOne.Core.Backups;

/// <summary>Whether a disk has room: looked at before something large begins, so that it does not fill the disk that the server lives on.</summary>
internal static class FreeSpace
{
    /// <summary>What is left for everything else.</summary>
    private const long Reserve = 16 * 1024 * 1024;

    /// <exception cref="BackupException">It has not.</exception>
    public static void MustHold(string directory, long bytes)
    {
        var free = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        // Not added up: a size out of an archive may be anything.
        if (bytes > free - Reserve)
        {
            throw new BackupException($"the disk of {directory} has {free / 1024} KiB free, and {bytes / 1024} KiB are needed");
        }
    }
}
