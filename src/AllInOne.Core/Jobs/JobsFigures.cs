namespace AllInOne.Core.Jobs;

/// <summary>The figures of all jobs at about this moment.</summary>
/// <param name="Jobs">How many there are.</param>
/// <param name="All">What is counted of all of them together.</param>
/// <param name="LatenessP50Ms">How late the last runs that had a time began; the median.</param>
/// <param name="LatenessP99Ms">The 99th percentile.</param>
public sealed record JobsFigures(int Jobs, JobCounters All, double LatenessP50Ms, double LatenessP99Ms);
