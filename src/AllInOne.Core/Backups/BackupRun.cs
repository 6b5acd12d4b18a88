namespace AllInOne.Core.Backups;

/// <summary>One attempt at a backup. Callers can wait for its end.</summary>
public sealed class BackupRun
{
    private readonly TaskCompletionSource<BackupSnapshot> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal BackupRun(BackupName name) => Name = name;

    public BackupName Name { get; }

    /// <summary>Completes with the outcome, <see cref="BackupState.Done"/> or <see cref="BackupState.Failed"/>. It never faults.</summary>
    public Task<BackupSnapshot> Ended => _ended.Task;

    internal void End(BackupSnapshot outcome) => _ended.TrySetResult(outcome);
}
