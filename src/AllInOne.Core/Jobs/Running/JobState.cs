using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Scheduling;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The state of one job in <see cref="Admission"/>. Used by one thread at a time, except the counters.</summary>
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

    public OverlapPolicy Overlap => Job?.Definition.Overlap ?? OverlapPolicy.Skip;

    /// <param name="share">The maximum number of runs of one job.</param>
    public bool HasReadyItem(int share) =>
        Job is { IsActive: true } job && Ready.Count > 0 && ActiveItems < job.Definition.Concurrency && Active + ActiveItems < share;

    /// <summary>Whether a run without an item may start beside the active runs.</summary>
    public bool MayAdmit(int share) => Active == 0 || (Overlap == OverlapPolicy.Allow && Active + ActiveItems < share);

    /// <summary>The times that are due and not checked yet; null if there are none. From now on they are checked.</summary>
    /// <exception cref="ScheduleException">The calculation fails.</exception>
    public DueTimes? TakeDue(DateTimeOffset now, JobsOptions options)
    {
        if (Job is not { IsActive: true, Anchor: var anchor, Definition: { Schedule: { } schedule } definition })
        {
            return null;
        }

        // The usual case: no time is due.
        _next ??= schedule.After(CheckedUpTo, anchor) ?? DateTimeOffset.MaxValue;
        if (_next > now)
        {
            return null;
        }

        var due = DueTimes.Of(schedule, anchor, CheckedUpTo, now, definition.Misfire, options.MisfireThreshold, options.MaxWaiting);
        if (due.CheckedUpTo is not { } checkedUpTo)
        {
            return null;
        }

        CheckedUpTo = checkedUpTo;
        return due;
    }

    /// <summary>Takes a changed definition.</summary>
    public void Redefine(Job job, DateTimeOffset now)
    {
        if (Job is not { } before || !before.IsActive || before.Anchor != job.Anchor)
        {
            // The schedule is new, or the job was not active: earlier times are not missed. Times after the change are due.
            CheckedUpTo = job.Updated != Job?.Updated && job.Updated < now ? job.Updated : now;
        }

        Job = job;
    }

    /// <summary>The wall clock was set: times that it shows again are due again, except the time of a one-time schedule.</summary>
    /// <param name="current">The current definition; null if it is not known.</param>
    public void Rewind(Job? current, DateTimeOffset now)
    {
        Job = current ?? Job;
        if (CheckedUpTo >= now + SteadyClock.Tolerance && Job?.Definition.Schedule is not JobSchedule.At)
        {
            CheckedUpTo = now;
        }
    }

    /// <summary>Counts a run that gets a place, or gives its place back.</summary>
    public void AddPlaces(PendingRun run, int count) =>
        (Active, ActiveItems) = run.Item is null ? (Active + count, ActiveItems) : (Active, ActiveItems + count);

    /// <summary>Removes the runs and items that wait, because the job was deleted, and takes them out of the counters.</summary>
    public void Clear()
    {
        Counters.AddWaiting(-Waiting.Count);
        Waiting.Clear();
        Counters.AddQueued(-Ready.Count, -Ready.Sum(item => (long)item.Parameters.Length));
        Ready.Clear();
        HeldRetries.Clear();
    }
}
