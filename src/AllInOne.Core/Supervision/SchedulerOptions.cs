namespace AllInOne.Core.Supervision;

/// <summary>The options of the threads that run the actors (section <c>Scheduler</c>). They become the section <c>fair-scheduler</c> of the plug-ins.</summary>
public sealed class SchedulerOptions
{
    public const string Section = "Scheduler";

    /// <summary>Actors that run at the same time; 0: one for each core. 0 to 1,024.</summary>
    public int Workers { get; set; }

    /// <summary>
    /// Threads there may be, those included that a message without an end holds up. From three quarters on there is a warning; where one
    /// more is needed the process gives up to its guardian. 8 to 32,768, and more than there are workers.
    /// </summary>
    public int MaxThreads { get; set; } = 512;

    /// <summary>Threads kept ready to replace held-up threads, at most a quarter of the bound. 1 to 1,024.</summary>
    public int SpareThreads { get; set; } = 64;

    /// <summary>How often the monitor looks at the workers while any of them works. 1 ms to 100 ms.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Processor time within one message after which its thread continues at the lowest priority. Not below the look interval, up to 1 minute.</summary>
    public TimeSpan DemoteAfter { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long an actor that is stopped or restarted may still take for the message in hand before it is abandoned. Not below the look interval, up to 1 hour.</summary>
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>All that is wrong, one line each.</summary>
    public IEnumerable<string> Validate()
    {
        if (Workers is < 0 or > 1024)
        {
            yield return $"Scheduler:Workers is {Workers}; it takes 0 to 1024";
        }

        var workers = Workers == 0 ? Environment.ProcessorCount : Workers;
        if (MaxThreads is < 8 or > 32_768 || MaxThreads <= workers)
        {
            yield return $"Scheduler:MaxThreads is {MaxThreads}; it takes 8 to 32768, more than the {workers} workers";
        }

        if (SpareThreads is < 1 or > 1024)
        {
            yield return $"Scheduler:SpareThreads is {SpareThreads}; it takes 1 to 1024";
        }

        if (LookInterval < TimeSpan.FromMilliseconds(1) || LookInterval > TimeSpan.FromMilliseconds(100))
        {
            yield return $"Scheduler:LookInterval is {LookInterval}; it takes 00:00:00.001 to 00:00:00.100";
        }

        if (DemoteAfter < LookInterval || DemoteAfter > TimeSpan.FromMinutes(1))
        {
            yield return $"Scheduler:DemoteAfter is {DemoteAfter}; it takes Scheduler:LookInterval to 00:01:00";
        }

        if (AbandonAfter < LookInterval || AbandonAfter > TimeSpan.FromHours(1))
        {
            yield return $"Scheduler:AbandonAfter is {AbandonAfter}; it takes Scheduler:LookInterval to 01:00:00";
        }
    }
}
