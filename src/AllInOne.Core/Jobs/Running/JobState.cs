using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Running;

/// <summary>What <c>/user/jobs/runs</c> knows of one job. One thread at a time, but for the counts.</summary>
internal sealed class JobState(Job job, DateTimeOffset noticed, JobCounters counters)
{
    /// <summary>Null once it is deleted.</summary>
    public Job? Job { get; set; } = job;

    /// <summary>Times up to this one have been looked at.</summary>
    public DateTimeOffset Noticed { get; set; } = noticed;

    public JobCounters Counters { get; } = counters;

    /// <summary>Runs that have begun or only wait for a place, but those of items.</summary>
    public int Active { get; set; }

    /// <summary>The same of items.</summary>
    public int ActiveItems { get; set; }

    /// <summary>Runs that wait for one of the same job to end.</summary>
    public Queue<PendingRun> Waiting { get; } = new();

    /// <summary>Items whose time has come.</summary>
    public Queue<QueueItem> Ready { get; } = new();

    public bool HasReadyItem => Job is { IsActive: true } job && Ready.Count > 0 && ActiveItems < job.Definition.Concurrency;

    public OverlapPolicy Overlap => Job?.Definition.Overlap ?? OverlapPolicy.Skip;
}

/// <summary>A run that is to be.</summary>
/// <param name="State">Its job.</param>
/// <param name="PlannedFor">The time that it is for.</param>
/// <param name="DoneWith">Times up to this one are done with once it has begun; null where it is for none.</param>
/// <param name="Retried">The run that it tries again; 0 for none.</param>
/// <param name="Asked">Whoever waits to hear that it has begun.</param>
internal sealed record PendingRun(
    JobState State, RunCause Cause, DateTimeOffset? PlannedFor, DateTimeOffset? DoneWith, int Attempt, long Retried, QueueItem? Item,
    TaskCompletionSource<RunNowResult>? Asked = null);
