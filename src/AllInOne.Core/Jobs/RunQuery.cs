namespace AllInOne.Core.Jobs;

/// <summary>A filter of runs. A run must match all members that are set.</summary>
/// <param name="IsRunning">Only active runs.</param>
/// <param name="From">Only runs that started at this time or later.</param>
/// <param name="To">Only runs that started before this time.</param>
/// <param name="Before">Only runs with a smaller id: the cursor.</param>
public sealed record RunQuery(
    JobId? Job = null, RunOutcome? Outcome = null, bool IsRunning = false, DateTimeOffset? From = null, DateTimeOffset? To = null, RunId? Before = null);
