using AllInOne.Core.Backups.Archives;

namespace AllInOne.Core.Backups;

/// <summary>What a backup is now.</summary>
public enum BackupState
{
    /// <summary>It is being made.</summary>
    Running,

    /// <summary>It is there.</summary>
    Done,

    /// <summary>The last attempt; nothing is left of it but the reason.</summary>
    Failed,

    /// <summary>There is a file, and it is no archive of this program.</summary>
    Unreadable,
}

/// <summary>A backup, or an attempt at one, as lists show it.</summary>
/// <param name="Bytes">Of the archive; 0 where there is none.</param>
/// <param name="Files">What is in it.</param>
/// <param name="Error">Why it failed or cannot be read, in one line.</param>
public sealed record BackupSnapshot(
    BackupName Name, BackupState State, long Bytes = 0, IReadOnlyList<BackupFile>? Files = null, string? Error = null)
{
    /// <summary>The moment that it holds.</summary>
    public DateTimeOffset Time => Name.Time;
}
