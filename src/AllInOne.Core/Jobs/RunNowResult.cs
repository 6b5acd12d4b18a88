namespace AllInOne.Core.Jobs;

/// <summary>What became of the wish to run a job now.</summary>
public abstract record RunNowResult
{
    private RunNowResult()
    {
    }

    /// <summary>It has begun, and its record is stored.</summary>
    public sealed record Begun(Run Run) : RunNowResult;

    /// <summary>It waits for a run of the same job to end, and that it does so is stored.</summary>
    public sealed record Waits : RunNowResult;

    /// <summary>A run of the job goes on, and its overlap policy allows no second one.</summary>
    public sealed record Overlaps : RunNowResult;

    /// <summary>There is no such job.</summary>
    public sealed record NoJob : RunNowResult;
}
