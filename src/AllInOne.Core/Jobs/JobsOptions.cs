using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Jobs;

/// <summary>The options of the jobs (section <c>Jobs</c>): limits of jobs, runs and queues.</summary>
public sealed class JobsOptions
{
    /// <summary>The maximum number of jobs.</summary>
    [Allowed(1, 10_000_000)]
    public int MaxJobs { get; set; } = 200_000;

    /// <summary>The maximum number of active runs of all jobs; further runs wait.</summary>
    [Allowed(1, 10_000)]
    public int MaxConcurrent { get; set; } = 256;

    /// <summary>The maximum number of runs that wait for this limit; a further run is skipped.</summary>
    [Allowed(1, 10_000_000)]
    public int MaxPending { get; set; } = 100_000;

    /// <summary>
    /// The maximum number of waiting runs of one job, including runs for missed times; if there are more missed times, the oldest are skipped.
    /// </summary>
    [Allowed(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>How long a run may take if its job has no timeout.</summary>
    [Allowed("00:00:00.001", "7.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a cancelled run may take to stop. Then its program is killed, and its later results are ignored.</summary>
    [Allowed("00:00:00", "00:05:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A time that is late by more than this is missed, and the misfire policy of the job applies.</summary>
    [Allowed("00:00:00.100", "1.00:00:00")]
    public TimeSpan MisfireThreshold { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long records of runs are kept; zero: for ever.</summary>
    [Allowed("00:00:00", "36500.00:00:00")]
    public TimeSpan RunRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many of the newest records of one job are kept.</summary>
    [Allowed(1, 100_000_000)]
    public int RunsKept { get; set; } = 10_000;

    /// <summary>How many bytes of the output of a run are kept: the last ones.</summary>
    [Allowed(0, 16 * 1024 * 1024)]
    public int MaxOutputBytes { get; set; } = 64 * 1024;

    /// <summary>The maximum size of the parameters of an item, in bytes.</summary>
    [Allowed(2, 16 * 1024 * 1024)]
    public int MaxParametersBytes { get; set; } = 64 * 1024;

    /// <summary>The maximum number of items in the queues of all jobs; further items are refused.</summary>
    [Allowed(1, 100_000_000)]
    public int MaxQueued { get; set; } = 1_000_000;

    /// <summary>The maximum size of the parameters of all these items, in bytes, because the items are also in memory.</summary>
    [Allowed(1024, 1L << 40)]
    public long MaxQueuedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How many dead items of one job are kept; if there are more, the oldest are discarded.</summary>
    [Allowed(1, 10_000_000)]
    public int MaxDead { get; set; } = 10_000;

    /// <summary>How long a change waits for its commit.</summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The options of actions that run programs.</summary>
    public JobCommandsOptions Commands { get; set; } = new();
}

/// <summary>The options of actions that run programs (section <c>Jobs:Commands</c>).</summary>
public sealed class JobCommandsOptions
{
    /// <summary>Whether jobs may run programs. If true, each client that may define a job can run any program as the user of the server.</summary>
    public bool Enabled { get; set; }
}
