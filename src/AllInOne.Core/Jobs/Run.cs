namespace AllInOne.Core.Jobs;

/// <summary>Why a run began.</summary>
public enum RunCause
{
    /// <summary>Its time had come.</summary>
    Schedule,

    /// <summary>Somebody said so.</summary>
    Manual,

    /// <summary>The one before failed, or was lost.</summary>
    Retry,

    /// <summary>Once for all the times that were missed.</summary>
    Misfire,

    /// <summary>For one of the times that were missed.</summary>
    CatchUp,

    /// <summary>An item of the queue.</summary>
    Queue,
}

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    Succeeded,

    Failed,

    /// <summary>It took longer than it may.</summary>
    TimedOut,

    /// <summary>Somebody ended it.</summary>
    Cancelled,

    /// <summary>The server ended before it did; what it has done is not known.</summary>
    Lost,
}

/// <summary>One execution of a job.</summary>
/// <param name="Outcome">Null while it goes on.</param>
/// <param name="PlannedFor">The time that it is for; null where there is none.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Item">The item of the queue that it is for.</param>
/// <param name="Retry">When it is tried again, while that is still to come.</param>
/// <param name="Trace">What its requests and programs are told as the id of the trace (W3C).</param>
public sealed record Run(
    long Id, string Job, RunCause Cause, RunOutcome? Outcome, DateTimeOffset? PlannedFor, DateTimeOffset Started, DateTimeOffset? Ended, int Attempt,
    string Trace, long? Item, DateTimeOffset? Retry, string? Output, string? Error);
