using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The state of one job in <c>/user/jobs/runs</c>. Used by one thread at a time, except the counters.</summary>
internal sealed class JobState(Job job, DateTimeOffset checkedUpTo, JobCounters counters)
{
    private Job? _job = job;
    private DateTimeOffset _checkedUpTo = checkedUpTo;
    private DateTimeOffset? _next;

    /// <summary>The definition; null after the job is deleted.</summary>
    public Job? Job
    {
        get => _job;
        set => (_job, _next) = (value, null);
    }

    /// <summary>Times up to this one are checked.</summary>
    public DateTimeOffset CheckedUpTo
    {
        get => _checkedUpTo;
        set => (_checkedUpTo, _next) = (value, null);
    }

    public JobCounters Counters { get; } = counters;

    /// <summary>The number of runs that have started or wait for a place, without the runs of items.</summary>
    public int Active { get; set; }

    /// <summary>The same number for runs of items.</summary>
    public int ActiveItems { get; set; }

    /// <summary>Runs that wait until another run of the job completes.</summary>
    public Queue<PendingRun> Waiting { get; } = new();

    /// <summary>The number of requested runs that will wait as soon as the request is stored.</summary>
    public int PendingRequests { get; set; }

    /// <summary>The number of runs for due times that have not started yet.</summary>
    public int PendingTimes { get; set; }

    /// <summary>The last skipped time, until it is stored.</summary>
    public DateTimeOffset? SkippedUpTo { get; set; }

    /// <summary>The number of pending retries: retries that are not due yet, and <see cref="HeldRetries"/>.</summary>
    public int Retries { get; set; }

    /// <summary>Retries that came due while the job was paused or disabled.</summary>
    public List<PendingRun> HeldRetries { get; } = [];

    /// <summary>Items that are due.</summary>
    public Queue<QueueItem> Ready { get; } = new();

    /// <summary>The number of items that are not due yet, and their bytes.</summary>
    public (int Count, long Bytes) PostponedItems { get; set; }

    /// <param name="share">The maximum number of runs of one job.</param>
    public bool HasReadyItem(int share) =>
        Job is { IsActive: true } job && Ready.Count > 0 && ActiveItems < job.Definition.Concurrency && Active + ActiveItems < share;

    /// <summary>Whether a run without an item may start beside the active runs.</summary>
    public bool MayAdmit(int share) => Active == 0 || (Overlap == OverlapPolicy.Allow && Active + ActiveItems < share);

    public OverlapPolicy Overlap => Job?.Definition.Overlap ?? OverlapPolicy.Skip;

    /// <summary>Whether a time is due that is not checked yet.</summary>
    public bool IsDue(DateTimeOffset now)
    {
        if (Job is not { IsActive: true, Definition.Schedule: { } schedule, Anchor: var anchor })
        {
            return false;
        }

        _next ??= schedule.After(CheckedUpTo, anchor) ?? DateTimeOffset.MaxValue;
        return _next <= now;
    }
}

/// <summary>A run that has not started yet.</summary>
/// <param name="State">The state of its job.</param>
/// <param name="PlannedFor">The due time that caused it; null if there is none.</param>
/// <param name="HandledUpTo">Times up to this one are handled when the run has started; null if no due time caused it.</param>
/// <param name="Retried">The id of the failed run that it repeats; 0 if it is no retry.</param>
/// <param name="Asked">The answer to the caller that requested the run; null if there is no caller.</param>
/// <param name="IsStored">Whether it is a requested run that waits, and this is stored.</param>
internal sealed record PendingRun(
    JobState State, RunCause Cause, DateTimeOffset? PlannedFor, DateTimeOffset? HandledUpTo, int Attempt, long Retried, QueueItem? Item,
    TaskCompletionSource<RunNowResult>? Asked = null, bool IsStored = false);
