namespace AllInOne.Core.Live;

/// <summary>The event log and those who wait for it: section <c>Live</c>.</summary>
public sealed class LiveOptions
{
    public const string Section = "Live";

    /// <summary>How many of the latest events are kept in memory; older ones come from history. 64 to 16,777,216.</summary>
    public int RingSize { get; set; } = 65_536;

    /// <summary>How many long polls may wait at once; one more is answered 503. 1 to 1,000,000.</summary>
    public int MaxWaiters { get; set; } = 20_000;

    /// <summary>How long a waiting poll gathers further events after its first one. 0 to 1 second.</summary>
    public TimeSpan GatherTime { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// How many stored events one poll looks through before it answers with what it has, so that a rare topic over a long history
    /// does not hold a reader. 100 to 1,000,000.
    /// </summary>
    public int HistoryScan { get; set; } = 20_000;

    /// <summary>Every problem, one sentence each; none when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (RingSize is < 64 or > 1 << 24)
        {
            yield return $"Live:RingSize is {RingSize}; it takes 64 to {1 << 24}.";
        }

        if (MaxWaiters is < 1 or > 1_000_000)
        {
            yield return $"Live:MaxWaiters is {MaxWaiters}; it takes 1 to 1000000.";
        }

        if (GatherTime < TimeSpan.Zero || GatherTime > TimeSpan.FromSeconds(1))
        {
            yield return $"Live:GatherTime is {GatherTime}; it takes 00:00:00 to 00:00:01.";
        }

        if (HistoryScan is < 100 or > 1_000_000)
        {
            yield return $"Live:HistoryScan is {HistoryScan}; it takes 100 to 1000000.";
        }
    }
}
