namespace AllInOne.Core.Jobs;

/// <summary>The section <c>Jobs</c>: bounds of jobs, of their runs and of their queues.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>How many jobs there may be.</summary>
    public int MaxJobs { get; set; } = 200_000;

    /// <summary>How many runs there may be at a time, of all jobs; further ones wait.</summary>
    public int MaxConcurrent { get; set; } = 256;

    /// <summary>How many runs may wait for that; one more is left out, and what it was for is missed.</summary>
    public int MaxPending { get; set; } = 100_000;

    /// <summary>How many runs of one job may wait for one another, those for missed times included; of more missed times the oldest are left out.</summary>
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>How long a run may take where its job says nothing else.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a run that is told to end may take for it; then its program is killed, and what it still does counts for nothing.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A time that is later than this has been missed, and the job's misfire policy says what becomes of it.</summary>
    public TimeSpan MisfireThreshold { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long records of runs are kept; zero for ever.</summary>
    public TimeSpan RunRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many records of one job are kept, the newest.</summary>
    public int RunsKept { get; set; } = 10_000;

    /// <summary>How much of what a run writes is kept: the end of it.</summary>
    public int MaxOutputBytes { get; set; } = 64 * 1024;

    /// <summary>The most bytes of the parameters of an item.</summary>
    public int MaxParametersBytes { get; set; } = 64 * 1024;

    /// <summary>How many items may wait in the queues of all jobs; one more is refused.</summary>
    public int MaxQueued { get; set; } = 1_000_000;

    /// <summary>The bytes that their parameters may have together, since they are in memory, too.</summary>
    public long MaxQueuedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How many dead items of one job are kept; of more the oldest are discarded.</summary>
    public int MaxDead { get; set; } = 10_000;

    /// <summary>How long a change may wait for its commit.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Programs as actions.</summary>
    public JobCommandsOptions Commands { get; set; } = new();

    /// <summary>Every problem, one line each, naming the key.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, value, least, most) in new (string, long, long, long)[]
        {
            (nameof(MaxJobs), MaxJobs, 1, 10_000_000),
            (nameof(MaxConcurrent), MaxConcurrent, 1, 10_000),
            (nameof(MaxPending), MaxPending, 1, 10_000_000),
            (nameof(MaxWaiting), MaxWaiting, 1, 1_000_000),
            (nameof(RunsKept), RunsKept, 1, 100_000_000),
            (nameof(MaxOutputBytes), MaxOutputBytes, 0, 16 * 1024 * 1024),
            (nameof(MaxParametersBytes), MaxParametersBytes, 2, 16 * 1024 * 1024),
            (nameof(MaxQueued), MaxQueued, 1, 100_000_000),
            (nameof(MaxQueuedBytes), MaxQueuedBytes, 1024, 1L << 40),
            (nameof(MaxDead), MaxDead, 1, 10_000_000),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{name} is {value}; it takes {least} to {most}";
            }
        }

        foreach (var (name, value, least, most) in new (string, TimeSpan, TimeSpan, TimeSpan)[]
        {
            (nameof(Timeout), Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(7)),
            (nameof(StopGrace), StopGrace, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
            (nameof(MisfireThreshold), MisfireThreshold, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)),
            (nameof(RunRetention), RunRetention, TimeSpan.Zero, TimeSpan.FromDays(36_500)),
            (nameof(WriteTimeout), WriteTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{name} is {value}; it takes {least} to {most}";
            }
        }
    }
}

/// <summary>The section <c>Jobs:Commands</c>.</summary>
public sealed class JobCommandsOptions
{
    /// <summary>Whether jobs may run programs: whoever may define a job may then run anything as the server's user.</summary>
    public bool Enabled { get; set; }
}
