namespace AllInOne.Core.Events.History;

/// <summary>The options of history (section <c>History</c>): how long events are kept.</summary>
public sealed class HistoryOptions
{
    public const string Section = "History";

    /// <summary>Events older than this are deleted; zero keeps them for ever. The entities themselves stay.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The interval of the job <c>history-retention</c>, which deletes old events.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum number of events that one transaction deletes. It limits how long other writes wait.</summary>
    public int SweepRows { get; set; } = 1000;

    /// <summary>All invalid values, one line each with the key.</summary>
    public IEnumerable<string> Validate()
    {
        if (Retention < TimeSpan.Zero || Retention > TimeSpan.FromDays(36_500))
        {
            yield return $"{Section}:{nameof(Retention)} must be from zero (for ever) to 36500 days, not {Retention}";
        }

        if (SweepInterval < TimeSpan.FromSeconds(1) || SweepInterval > TimeSpan.FromDays(1))
        {
            yield return $"{Section}:{nameof(SweepInterval)} must be from a second to a day, not {SweepInterval}";
        }

        if (SweepRows is < 1 or > 100_000)
        {
            yield return $"{Section}:{nameof(SweepRows)} must be from 1 to 100000, not {SweepRows}";
        }
    }
}
