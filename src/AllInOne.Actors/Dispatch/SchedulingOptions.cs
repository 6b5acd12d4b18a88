using Akka.Configuration;

namespace AllInOne.Actors;

/// <summary>The options of the threads that run the actors of a system: the section <c>fair-scheduler</c> of its settings.</summary>
internal sealed record SchedulingOptions(
    int Workers, int MaxThreads, int SpareThreads, TimeSpan LookInterval, TimeSpan DemoteAfter, TimeSpan AbandonAfter, bool Accounting)
{
    private const string Section = "fair-scheduler";

    /// <summary>How many spare threads are kept ready.</summary>
    public int Reserve => Math.Max(1, Math.Min(SpareThreads, MaxThreads / 4));

    /// <exception cref="ConfigurationException">A value is out of its range; the message names the key.</exception>
    public static SchedulingOptions Of(Config settings)
    {
        var section = settings.GetConfig(Section).WithFallback(FairActors.Config.GetConfig(Section));
        var look = section.GetTimeSpan("look-interval");
        Require(look >= TimeSpan.FromMilliseconds(1), "look-interval", look, "at least 1 ms");
        var options = new SchedulingOptions(
            section.GetInt("workers"),
            section.GetInt("max-threads"),
            section.GetInt("spare-threads"),
            look,
            section.GetTimeSpan("demote-after"),
            section.GetTimeSpan("abandon-after"),
            section.GetBoolean("accounting"));
        Require(options.Workers is >= 0 and <= 1024, "workers", options.Workers, "0 to 1024");
        var workers = options.Workers == 0 ? Environment.ProcessorCount : options.Workers;
        Require(options.MaxThreads > workers, "max-threads", options.MaxThreads, $"more than the {workers} workers");
        Require(options.SpareThreads >= 1, "spare-threads", options.SpareThreads, "at least 1");
        Require(options.DemoteAfter >= look, "demote-after", options.DemoteAfter, "at least look-interval");
        Require(options.AbandonAfter >= look, "abandon-after", options.AbandonAfter, "at least look-interval");
        return options with { Workers = workers };
    }

    private static void Require(bool holds, string key, object value, string range)
    {
        if (!holds)
        {
            throw new ConfigurationException($"{Section}.{key} is {value}; it takes {range}");
        }
    }
}
