using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Backups;

/// <summary>The options of the backups (section <c>Backup</c>).</summary>
public sealed class BackupsOptions : IOptionRules
{
    /// <summary>The directory of the archives, of one server only; created if it is missing. A relative path starts at the data directory.</summary>
    public string Directory { get; set; } = "backups";

    /// <summary>How many backups are kept. After each new backup, the oldest further ones are deleted.</summary>
    [Allowed(1, 1000)]
    public int Keep { get; set; } = 7;

    /// <summary>How long a backup waits until all writers have stopped between two batches; then it fails.</summary>
    [Allowed("00:00:00.100", "00:05:00")]
    public TimeSpan StandStillTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// When the server makes a backup by itself: a cron expression in UTC, with five fields as in a crontab or six as in Quartz. Null or empty:
    /// never.
    /// </summary>
    public string? Schedule { get; set; }

    public IEnumerable<string> BrokenRules()
    {
        if (Directory.Length == 0 || Directory.Contains('\0', StringComparison.Ordinal))
        {
            yield return "Backup:Directory names no directory";
        }

        if (Schedule is { Length: > 0 } && JobSchedule.Cron.Parse(Schedule, null) is (null, var wrong, _))
        {
            yield return $"Backup:Schedule: '{Excerpt.Of(Schedule)}' {wrong}";
        }
    }
}
