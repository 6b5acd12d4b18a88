namespace AllInOne.Core.Jobs;

/// <summary>What became of a change of a job. Nothing else than <see cref="Done"/> has changed anything.</summary>
public abstract record JobResult
{
    private JobResult()
    {
    }

    /// <summary>It is committed: the job as it is now, or was when it was deleted.</summary>
    public sealed record Done(Job Job, bool Created) : JobResult;

    public sealed record NoJob : JobResult;

    /// <summary>What is there is not as the condition asks.</summary>
    public sealed record ConditionFailed : JobResult;

    /// <summary>The definition cannot be taken: hidden values are to stay and there are none, or its schedule has no time left.</summary>
    /// <param name="Errors">By the path of the member.</param>
    public sealed record Refused(IReadOnlyDictionary<string, string[]> Errors) : JobResult;

    /// <summary>It comes from the configuration.</summary>
    public sealed record BuiltIn : JobResult;

    /// <summary>There are as many as there may be.</summary>
    public sealed record TooMany : JobResult;
}
