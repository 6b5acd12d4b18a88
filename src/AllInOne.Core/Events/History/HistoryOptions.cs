using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Events.History;

/// <summary>The options of history (section <c>History</c>): how long events are kept.</summary>
public sealed class HistoryOptions
{
    /// <summary>Events older than this are deleted; zero keeps them for ever. The entities themselves stay.</summary>
    [Allowed("00:00:00", "36500.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The interval of the job <c>history-retention</c>, which deletes old events.</summary>
    [Allowed("00:00:01", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum number of events that one transaction deletes. It limits how long other writes wait.</summary>
    [Allowed(1, 100_000)]
    public int SweepRows { get; set; } = 1000;
}
