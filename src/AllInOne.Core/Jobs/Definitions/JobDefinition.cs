namespace AllInOne.Core.Jobs.Definitions;

/// <summary>What becomes of the times that were missed while nobody could run them.</summary>
public enum MisfirePolicy
{
    /// <summary>One run for all of them, now.</summary>
    RunOnce,

    /// <summary>A run for each, one after another, oldest first.</summary>
    RunAll,

    /// <summary>Nothing.</summary>
    Skip,
}

/// <summary>What becomes of a run that falls due while another one of the job goes on.</summary>
public enum OverlapPolicy
{
    /// <summary>It is left out.</summary>
    Skip,

    /// <summary>It waits for its turn.</summary>
    Queue,

    /// <summary>It runs beside the other.</summary>
    Allow,
}

/// <summary>How often a run is tried, and how long the tries are apart.</summary>
/// <param name="Attempts">All tries together; 1: no second one.</param>
/// <param name="Backoff">Before the second try; it doubles with each further one, and up to a half of it is taken off by chance.</param>
public sealed record RetryPolicy(int Attempts, TimeSpan Backoff)
{
    public const int MostAttempts = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    public static RetryPolicy None { get; } = new(1, TimeSpan.FromSeconds(10));

    /// <summary>How long to wait after the try of this number.</summary>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan DelayAfter(int attempt, double chance)
    {
        var whole = Math.Min(Backoff.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), Math.Max(Longest.TotalMilliseconds, Backoff.TotalMilliseconds));
        // Whole: the clock that it is measured by counts microseconds, and an alarm must not come a part of one too early.
        return TimeSpan.FromMilliseconds(Math.Ceiling(whole * (1 - (chance / 2))));
    }
}

/// <summary>What may be said of a job; <see cref="JobDefinitionJson"/> has it as JSON.</summary>
/// <param name="Schedule">Null: it runs when it is told to, and for what is enqueued.</param>
/// <param name="Timeout">How long a run may take; null as <c>Jobs:Timeout</c> says.</param>
/// <param name="Concurrency">How many runs of what is enqueued there may be at a time.</param>
/// <param name="Enabled">When false no time falls due; what is enqueued waits.</param>
public sealed record JobDefinition(
    JobSchedule? Schedule,
    JobAction Action,
    TimeSpan? Timeout,
    RetryPolicy Retry,
    MisfirePolicy Misfire,
    OverlapPolicy Overlap,
    int Concurrency,
    bool Enabled,
    string? Description,
    IReadOnlyList<string> Tags)
{
    public const int MostConcurrency = 1000;

    /// <summary>With everything else as it is when nothing is said of it.</summary>
    public static JobDefinition Of(JobAction action, JobSchedule? schedule = null) =>
        new(schedule, action, null, RetryPolicy.None, MisfirePolicy.RunOnce, OverlapPolicy.Skip, 1, true, null, []);
}
