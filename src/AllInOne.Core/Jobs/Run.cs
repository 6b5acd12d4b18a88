namespace AllInOne.Core.Jobs;

/// <summary>The cause of a run.</summary>
public enum RunCause
{
    /// <summary>A due time of the schedule.</summary>
    Schedule,

    /// <summary>A request of a client.</summary>
    Manual,

    /// <summary>The previous attempt failed or was lost.</summary>
    Retry,

    /// <summary>All missed times together.</summary>
    Misfire,

    /// <summary>One missed time.</summary>
    CatchUp,

    /// <summary>An item of the queue.</summary>
    Queue,
}

/// <summary>The outcome of a run.</summary>
public enum RunOutcome
{
    Succeeded,

    Failed,

    /// <summary>It took longer than its timeout.</summary>
    TimedOut,

    /// <summary>It was cancelled: by a client, or because its job was deleted or its actor stopped.</summary>
    Cancelled,

    /// <summary>The server stopped before the run completed; its effects are not known.</summary>
    Lost,
}

/// <summary>One execution of a job.</summary>
/// <param name="Outcome">The outcome; null while the run is active.</param>
/// <param name="PlannedFor">The due time that caused it; null if there is none.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="Item">The id of its queue item; null if there is none.</param>
/// <param name="Retry">The time of the pending retry; null if no retry is pending.</param>
/// <param name="Trace">The trace id (W3C) that its requests and programs get.</param>
public sealed record Run(
    RunId Id, JobId Job, RunCause Cause, RunOutcome? Outcome, DateTimeOffset? PlannedFor, DateTimeOffset Started, DateTimeOffset? Ended, int Attempt,
    string Trace, long? Item, DateTimeOffset? Retry, string? Output, string? Error);
