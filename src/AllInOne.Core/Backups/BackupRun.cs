namespace AllInOne.Core.Backups;

/// <summary>One attempt at a backup. Callers can wait for its end.</summary>
public sealed class BackupRun
{
    private readonly TaskCompletionSource<BackupSnapshot> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;

    internal BackupRun(BackupName name) => Name = name;

    public BackupName Name { get; }

    /// <summary>Ends with the outcome, <see cref="BackupState.Done"/> or <see cref="BackupState.Failed"/>; it never faults.</summary>
    public Task<BackupSnapshot> Ended => _ended.Task;

    /// <summary>Returns true to one caller only, which must make the backup or end it.</summary>
    internal bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    internal void End(BackupSnapshot outcome) => _ended.TrySetResult(outcome);
}
