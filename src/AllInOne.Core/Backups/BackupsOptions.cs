using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;

namespace AllInOne.Core.Backups;

/// <summary>The section <c>Backup</c>: where backups go and how many are kept.</summary>
public sealed class BackupsOptions
{
    public const string Section = "Backup";

    /// <summary>Where the archives are. A relative path counts from the data directory. Made if missing; one server's own.</summary>
    public string Directory { get; set; } = "backups";

    /// <summary>How many are kept; after a new one was made the oldest beyond that are deleted. 1 to 1,000.</summary>
    public int Keep { get; set; } = 7;

    /// <summary>
    /// How long a backup waits for the writers to stand still between two batches, all together; then it gives up. 100 milliseconds to
    /// 5 minutes.
    /// </summary>
    public TimeSpan StandStillTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When a backup is made: a cron expression (UTC), five fields as in a crontab or six as in Quartz. Null or empty: never by itself.</summary>
    public string? Schedule { get; set; }

    /// <summary>Every problem, one line each, naming the key.</summary>
    public IEnumerable<string> Validate()
    {
        if (Directory.Length == 0 || Directory.Contains('\0', StringComparison.Ordinal))
        {
            yield return $"{Section}:{nameof(Directory)} names no directory";
        }

        if (Keep is < 1 or > 1000)
        {
            yield return $"{Section}:{nameof(Keep)} is {Keep}; it takes 1 to 1000";
        }

        if (Schedule is { Length: > 0 } && JobSchedule.Cron.Parse(Schedule, null) is (null, var wrong, _))
        {
            yield return $"{Section}:{nameof(Schedule)}: '{Excerpt.Of(Schedule)}' {wrong}";
        }

        if (StandStillTimeout < TimeSpan.FromMilliseconds(100) || StandStillTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"{Section}:{nameof(StandStillTimeout)} is {StandStillTimeout}; it takes 00:00:00.100 to 00:05:00";
        }
    }
}
