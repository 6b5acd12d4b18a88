namespace AllInOne.Core.Jobs;

/// <summary>The result of a request to run a job now.</summary>
public abstract record RunNowResult
{
    private RunNowResult()
    {
    }

    /// <summary>The run has started, and its record is stored.</summary>
    public sealed record Started(Run Run) : RunNowResult;

    /// <summary>The run waits until another run of the job completes. The request is stored.</summary>
    public sealed record Waits : RunNowResult;

    /// <summary>A run of the job is active, and the overlap policy allows no second run.</summary>
    public sealed record Overlaps : RunNowResult;

    /// <summary>The job does not exist.</summary>
    public sealed record NoJob : RunNowResult;
}
