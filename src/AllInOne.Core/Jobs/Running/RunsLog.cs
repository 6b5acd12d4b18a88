using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The log messages of <see cref="RunsActor"/>.</summary>
internal sealed partial class RunsLog(ILogger logger)
{
    /// <summary>Logs the problem of the job if it has one.</summary>
    public void Problem(Job job)
    {
        if (job.Problem is { } problem)
        {
            LogProblem(job.Id, problem);
        }
    }

    /// <summary>Logs the end of a run that has not succeeded.</summary>
    /// <param name="retryAt">The wall-clock time of the next attempt; null if there is none.</param>
    public void End(Run run, DateTimeOffset? retryAt)
    {
        if (run.Outcome is { } outcome && outcome != RunOutcome.Succeeded)
        {
            LogEnd(run.Job, run.Id, outcome, run.Error, run.Attempt, retryAt is { } at ? $"it is tried again at {at:O}" : "it is not tried again");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} has missed more times than may wait; only the last {Count} will run")]
    public partial void DroppedTimes(JobId job, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Too many runs wait for a place: one of {Job} is skipped (Jobs:MaxPending)")]
    public partial void TooManyPending(JobId? job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of {Job} cannot start: {Reason}")]
    public partial void NotStarted(JobId job, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} processes of lost runs were still running and are killed")]
    public partial void Killed(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Jobs are restored: {Lost} runs were lost, {Items} items wait")]
    public partial void Restored(int lost, int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run} of {Job}, attempt {Attempt}, has ended as {Outcome}: {Error}; {Again}")]
    private partial void LogEnd(JobId job, RunId run, RunOutcome outcome, string? error, int attempt, string again);

    [LoggerMessage(Level = LogLevel.Error, Message = "The job {Job} has a problem and does not run until it is put again: {Problem}")]
    private partial void LogProblem(JobId job, string problem);
}
