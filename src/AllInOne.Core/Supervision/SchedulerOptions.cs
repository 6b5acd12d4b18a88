using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Supervision;

/// <summary>The options of the threads that run the actors (section <c>Scheduler</c>). They become the section <c>fair-scheduler</c> of the plug-ins.</summary>
public sealed class SchedulerOptions : IOptionRules
{
    /// <summary>How many actors run at the same time; 0: one for each core.</summary>
    [Allowed(0, 1024)]
    public int Workers { get; set; }

    /// <summary>
    /// The maximum number of threads, including the threads that endless messages block. At three quarters of it the server logs a warning. If
    /// one more is needed, the process exits.
    /// </summary>
    [Allowed(8, 32_768)]
    public int MaxThreads { get; set; } = 512;

    /// <summary>How many idle threads are ready to replace blocked threads; at most a quarter of <see cref="MaxThreads"/>.</summary>
    [Allowed(1, 1024)]
    public int SpareThreads { get; set; } = 64;

    /// <summary>The interval of the monitor of the workers, while any of them works.</summary>
    [Allowed("00:00:00.001", "00:00:00.100")]
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The processor time of one message after which its thread gets the lowest priority.</summary>
    [Allowed(nameof(LookInterval), "00:01:00")]
    public TimeSpan DemoteAfter { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long an actor that stops or restarts may still work on its message before it is abandoned.</summary>
    [Allowed(nameof(LookInterval), "01:00:00")]
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromSeconds(1);

    public IEnumerable<string> BrokenRules()
    {
        var workers = Workers == 0 ? Environment.ProcessorCount : Workers;
        if (MaxThreads <= workers)
        {
            yield return $"Scheduler:MaxThreads is {MaxThreads}; it takes more than the {workers} workers";
        }
    }
}
