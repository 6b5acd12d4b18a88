namespace AllInOne.Core.Jobs;

/// <summary>Work that was given to a job: it stays until a run of it has succeeded, or somebody discards it.</summary>
/// <param name="Key">Unique among what the job has; null: none.</param>
/// <param name="Parameters">JSON; empty for none.</param>
/// <param name="Due">The earliest start: steady time in the file and in the actors, wall-clock time for callers.</param>
/// <param name="Attempt">The number of the next try, or of the last one where it is dead.</param>
/// <param name="Error">Of the last try.</param>
/// <param name="IsDead">It was tried as often as it may, and waits for somebody to look.</param>
public sealed record QueueItem(
    long Id, string Job, string? Key, ReadOnlyMemory<byte> Parameters, DateTimeOffset Enqueued, DateTimeOffset Due, int Attempt, string? Error, bool IsDead);
