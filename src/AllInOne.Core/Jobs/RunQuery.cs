namespace AllInOne.Core.Jobs;

/// <summary>Which runs: all that is given must hold.</summary>
/// <param name="IsRunning">Only those that go on.</param>
/// <param name="From">Started then or later.</param>
/// <param name="To">Started before.</param>
/// <param name="Before">Only those with a smaller id: the cursor.</param>
public sealed record RunQuery(
    string? Job = null, RunOutcome? Outcome = null, bool IsRunning = false, DateTimeOffset? From = null, DateTimeOffset? To = null, long? Before = null);
