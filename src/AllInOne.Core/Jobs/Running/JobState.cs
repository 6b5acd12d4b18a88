using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Running;

/// <summary>What <c>/user/jobs/runs</c> knows of one job. One thread at a time, but for the counts.</summary>
internal sealed class JobState(Job job, DateTimeOffset noticed, JobCounters counters)
{
    private Job? _job = job;
    private DateTimeOffset _noticed = noticed;
    private DateTimeOffset? _next;

    /// <summary>Null once it is deleted.</summary>
    public Job? Job
    {
        get => _job;
        set => (_job, _next) = (value, null);
    }

    /// <summary>Times up to this one have been looked at.</summary>
    public DateTimeOffset Noticed
    {
        get => _noticed;
        set => (_noticed, _next) = (value, null);
    }

    public JobCounters Counters { get; } = counters;

    /// <summary>Runs that have begun or only wait for a place, but those of items.</summary>
    public int Active { get; set; }

    /// <summary>The same of items.</summary>
    public int ActiveItems { get; set; }

    /// <summary>Runs that wait for one of the same job to end.</summary>
    public Queue<PendingRun> Waiting { get; } = new();

    /// <summary>Runs that were asked for and are to wait, once that is stored.</summary>
    public int Asking { get; set; }

    /// <summary>Runs for a time that have not begun yet.</summary>
    public int Owing { get; set; }

    /// <summary>The last time for which there is to be no run, until that is stored.</summary>
    public DateTimeOffset? LeftOut { get; set; }

    /// <summary>Runs that are to be tried again and whose time has not come, or has come while the job was paused.</summary>
    public int Retries { get; set; }

    /// <summary>Of these the latter.</summary>
    public List<PendingRun> Held { get; } = [];

    /// <summary>Items whose time has come.</summary>
    public Queue<QueueItem> Ready { get; } = new();

    /// <summary>Items whose time has not come, and their bytes.</summary>
    public (int Count, long Bytes) Later { get; set; }

    /// <param name="share">How many runs one job may have among all.</param>
    public bool HasReadyItem(int share) =>
        Job is { IsActive: true } job && Ready.Count > 0 && ActiveItems < job.Definition.Concurrency && Active + ActiveItems < share;

    /// <summary>Whether a run that is no item's may have a place beside those that there are.</summary>
    public bool MayAdmit(int share) => Active == 0 || (Overlap == OverlapPolicy.Allow && Active + ActiveItems < share);

    public OverlapPolicy Overlap => Job?.Definition.Overlap ?? OverlapPolicy.Skip;

    /// <summary>Whether a time has come that nobody has looked at.</summary>
    public bool IsDue(DateTimeOffset now)
    {
        if (Job is not { IsActive: true, Definition.Schedule: { } schedule, Anchor: var anchor })
        {
            return false;
        }

        _next ??= schedule.After(Noticed, anchor) ?? DateTimeOffset.MaxValue;
        return _next <= now;
    }
}

/// <summary>A run that is to be.</summary>
/// <param name="State">Its job.</param>
/// <param name="PlannedFor">The time that it is for.</param>
/// <param name="DoneWith">Times up to this one are done with once it has begun; null where it is for none.</param>
/// <param name="Retried">The run that it tries again; 0 for none.</param>
/// <param name="Asked">Whoever waits to hear that it has begun.</param>
/// <param name="IsNoted">It was asked for, and that it waits is stored.</param>
internal sealed record PendingRun(
    JobState State, RunCause Cause, DateTimeOffset? PlannedFor, DateTimeOffset? DoneWith, int Attempt, long Retried, QueueItem? Item,
    TaskCompletionSource<RunNowResult>? Asked = null, bool IsNoted = false);
