namespace AllInOne.Core.Jobs.Running;

/// <summary>The end of a run: its record, and what becomes of its work. A pure calculation.</summary>
/// <param name="Record">The record with its outcome.</param>
/// <param name="Item">The item after the run: with its next attempt, or dead; null if there is none or it has left the queue.</param>
/// <param name="RetryAt">The time of the next attempt on the steady clock; null if there is none.</param>
internal sealed record RunEnd(Run Record, QueueItem? Item, DateTimeOffset? RetryAt)
{
    /// <summary>
    /// The minimum number of attempts of an item whose runs are lost: the item was acknowledged, so the retry policy for failures does not apply.
    /// </summary>
    private const int LostAttempts = 5;

    /// <summary>Whether the item is dead now.</summary>
    public bool IsItemDead => Item is { IsDead: true };

    /// <param name="job">The job; null if it was deleted. Then there is no further attempt, and the item is gone with the job.</param>
    /// <param name="item">The item that the run has executed; null if there is none.</param>
    /// <param name="mayRetry">Whether one more run of the job may wait for its retry. An item always may.</param>
    /// <param name="ended">The wall-clock time.</param>
    /// <param name="now">The time on the steady clock.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    public static RunEnd Of(Run run, Job? job, QueueItem? item, RunResult result, bool mayRetry, DateTimeOffset ended, DateTimeOffset now, double chance)
    {
        var record = run with { Outcome = result.Outcome, Ended = ended, Error = result.Error, Retry = null };
        if (job is null || result.Outcome == RunOutcome.Succeeded)
        {
            return new RunEnd(record, null, null);
        }

        var retry = job.Definition.Retry;
        var attempts = result.Outcome switch
        {
            RunOutcome.Cancelled => 1,
            RunOutcome.Lost when item is not null => Math.Max(retry.Attempts, LostAttempts),
            _ => retry.Attempts,
        };
        var retryAt = run.Attempt < attempts && (mayRetry || item is not null) ? now + retry.DelayAfter(run.Attempt, chance) : (DateTimeOffset?)null;
        return item is null ? new RunEnd(record with { Retry = retryAt }, null, retryAt)
            : retryAt is { } due ? new RunEnd(record, item with { Attempt = run.Attempt + 1, Due = due, Error = result.Error }, retryAt)
            : new RunEnd(record, item with { Attempt = run.Attempt, Error = result.Error, IsDead = true }, null);
    }
}
