using Akka.Actor;
using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Running;

/// <summary>A decision of <see cref="Admission"/>. <see cref="RunsActor"/> carries it out.</summary>
internal abstract record AdmissionDecision
{
    private AdmissionDecision()
    {
    }

    /// <summary>The run has a place: store its record, then start it.</summary>
    public sealed record Start(PendingRun Run) : AdmissionDecision;

    /// <summary>The requested run must wait: store this, then answer its caller.</summary>
    public sealed record StoreRequest(PendingRun Run) : AdmissionDecision;

    /// <summary>Store that times up to this one are handled. All runs for earlier times have started.</summary>
    public sealed record SkipTimes(JobId Job, DateTimeOffset UpTo) : AdmissionDecision;

    /// <summary>Answer the caller that requested a run.</summary>
    public sealed record Answer(IActorRef Caller, RunNowResult Result) : AdmissionDecision;

    /// <summary>The schedule of the job has failed: the job gets a problem.</summary>
    public sealed record Fail(Job Job, ScheduleException Fault) : AdmissionDecision;

    /// <summary>Log that more times were missed than may wait; only <paramref name="Kept"/> of them will run.</summary>
    public sealed record WarnOfDroppedTimes(JobId Job, int Kept) : AdmissionDecision;

    /// <summary>Log that a run is skipped because too many runs wait for a place.</summary>
    public sealed record WarnOfFullQueue(JobId? Job) : AdmissionDecision;
}
