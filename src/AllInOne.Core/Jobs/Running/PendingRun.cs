using Akka.Actor;

namespace AllInOne.Core.Jobs.Running;

/// <summary>A run that has not started yet.</summary>
/// <param name="State">The state of its job.</param>
/// <param name="PlannedFor">The due time that caused it; null if there is none.</param>
/// <param name="HandledUpTo">Times up to this one are handled when the run has started; null if no due time caused it.</param>
/// <param name="Retried">The id of the failed run that it repeats; null if it is no retry.</param>
/// <param name="Item">The item of the queue that it executes; null if there is none.</param>
internal sealed record PendingRun(
    JobState State, RunCause Cause, DateTimeOffset? PlannedFor, DateTimeOffset? HandledUpTo, int Attempt, RunId? Retried, QueueItem? Item)
{
    /// <summary>The caller that requested the run and waits for the answer; null if there is none.</summary>
    public IActorRef? Caller { get; init; }

    /// <summary>Whether it is a requested run that waits, and this is stored.</summary>
    public bool IsStored { get; init; }

    /// <summary>Whether it counts among the runs of its job already.</summary>
    public bool HasPlace { get; init; }

    /// <summary>A run for a due time.</summary>
    public static PendingRun At(JobState state, DateTimeOffset time, RunCause cause, DateTimeOffset? handledUpTo) =>
        new(state, cause, time, handledUpTo, 1, null, null);

    /// <summary>A run that a client requests.</summary>
    public static PendingRun Requested(JobState state) => new(state, RunCause.Manual, null, null, 1, null, null);

    /// <summary>The next attempt of a failed run.</summary>
    public static PendingRun RetryOf(JobState state, Run failed) => new(state, RunCause.Retry, failed.PlannedFor, null, failed.Attempt + 1, failed.Id, null);

    /// <summary>A run of an item of the queue.</summary>
    public static PendingRun Of(JobState state, QueueItem item) => new(state, RunCause.Queue, null, null, item.Attempt, null, item);
}
