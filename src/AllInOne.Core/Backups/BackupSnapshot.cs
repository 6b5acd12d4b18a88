using AllInOne.Core.Backups.Archives;

namespace AllInOne.Core.Backups;

/// <summary>The state of a backup.</summary>
public enum BackupState
{
    /// <summary>It is being made.</summary>
    Running,

    /// <summary>The archive is complete.</summary>
    Done,

    /// <summary>It is the last attempt, and it has failed. Only the reason is left.</summary>
    Failed,

    /// <summary>There is a file with this name, but it is not an archive of this program.</summary>
    Unreadable,
}

/// <summary>A backup, or an attempt to make one, as lists show it.</summary>
/// <param name="Bytes">The size of the archive; 0 if there is no archive.</param>
/// <param name="Files">The files in the archive; null if they are not known.</param>
/// <param name="Error">The reason why it has failed or cannot be read, in one line; otherwise null.</param>
public sealed record BackupSnapshot(
    BackupName Name, BackupState State, long Bytes = 0, IReadOnlyList<BackupFile>? Files = null, string? Error = null)
{
    /// <summary>The time of its start.</summary>
    public DateTimeOffset Time => Name.Time;
}
