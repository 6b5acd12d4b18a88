namespace AllInOne.Core.Jobs.Definitions;

/// <summary>The policy for missed times.</summary>
public enum MisfirePolicy
{
    /// <summary>One run now for all missed times.</summary>
    RunOnce,

    /// <summary>One run for each missed time, one after another, oldest first.</summary>
    RunAll,

    /// <summary>No run for missed times.</summary>
    Skip,
}

/// <summary>The policy for a run that is due while another run of the job is active.</summary>
public enum OverlapPolicy
{
    /// <summary>The new run is skipped.</summary>
    Skip,

    /// <summary>The new run waits until the active run completes.</summary>
    Queue,

    /// <summary>Both runs are active at the same time.</summary>
    Allow,
}

/// <summary>The retry policy: the number of attempts and the pauses between them.</summary>
/// <param name="Attempts">The number of all attempts; 1: no retry.</param>
/// <param name="Backoff">The pause before the second attempt. It doubles with each further attempt, and a random part of up to one half is subtracted.</param>
public sealed record RetryPolicy(int Attempts, TimeSpan Backoff)
{
    public const int MostAttempts = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    public static RetryPolicy None { get; } = new(1, TimeSpan.FromSeconds(10));

    /// <summary>The pause after the attempt with this number.</summary>
    /// <param name="chance">A random number from 0 to 1.</param>
    public TimeSpan DelayAfter(int attempt, double chance)
    {
        var whole = Math.Min(Backoff.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), Math.Max(Longest.TotalMilliseconds, Backoff.TotalMilliseconds));
        // Whole microseconds, like the clock: otherwise a timer could fire a fraction of a microsecond too early.
        return TimeSpan.FromMilliseconds(Math.Ceiling(whole * (1 - (chance / 2))));
    }
}

/// <summary>The definition of a job, as a client sets it. <see cref="JobDefinitionJson"/> reads and writes it as JSON.</summary>
/// <param name="Schedule">The schedule; null: the job runs only on request and for items of its queue.</param>
/// <param name="Timeout">How long a run may take; null: <c>Jobs:Timeout</c>.</param>
/// <param name="Concurrency">How many items of the queue may run at the same time.</param>
/// <param name="Enabled">If false, no time comes due, and items wait.</param>
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

    /// <summary>Creates a definition with the defaults for all other members.</summary>
    public static JobDefinition Of(JobAction action, JobSchedule? schedule = null) =>
        new(schedule, action, null, RetryPolicy.None, MisfirePolicy.RunOnce, OverlapPolicy.Skip, 1, true, null, []);
}
