namespace AllInOne.Core.Jobs;

/// <summary>An item in the queue of a job. It stays until a run of it has succeeded or a client discards it.</summary>
/// <param name="Key">A key that is unique among the items of the job; null for none.</param>
/// <param name="Parameters">The parameters as JSON; empty for none.</param>
/// <param name="Due">The earliest start: steady time in the file and in the actors, wall-clock time for callers.</param>
/// <param name="Attempt">The number of the next attempt; for a dead item, of the last attempt.</param>
/// <param name="Error">The error of the last attempt.</param>
/// <param name="IsDead">Whether its last attempt has failed. A dead item waits until a client retries or discards it.</param>
public sealed record QueueItem(
    long Id, JobId Job, string? Key, ReadOnlyMemory<byte> Parameters, DateTimeOffset Enqueued, DateTimeOffset Due, int Attempt, string? Error, bool IsDead);
