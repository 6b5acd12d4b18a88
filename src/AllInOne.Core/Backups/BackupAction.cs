using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Backups;

/// <summary>The action of a job that makes a backup. If a backup is being made already, the run waits for that one.</summary>
internal static class BackupAction
{
    public static async Task<RunResult> ActAsync(Backups backups, RunTask task, CancellationToken stop)
    {
        var made = await backups.Begin().Run.Ended.WaitAsync(stop).ConfigureAwait(false);
        if (made.State != BackupState.Done)
        {
            return RunResult.Bad($"The backup {made.Name} was not made: {made.Error}");
        }

        task.Output.Write($"{made.Name}: {made.Bytes} bytes");
        return RunResult.Good;
    }
}
