namespace AllInOne.Core.Jobs.Counting;

/// <summary>The figures of all jobs at about this moment.</summary>
/// <param name="Jobs">The number of jobs.</param>
/// <param name="All">The counters of all jobs together.</param>
/// <param name="LatenessP50Ms">The median lateness of the last scheduled runs at their start.</param>
/// <param name="LatenessP99Ms">The 99th percentile of this lateness.</param>
public sealed record JobsFigures(int Jobs, JobCounters All, double LatenessP50Ms, double LatenessP99Ms);
