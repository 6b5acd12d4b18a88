namespace AllInOne.Core.Jobs;

/// <summary>The result of changing a job. Only <see cref="Done"/> means that something was changed.</summary>
public abstract record JobResult
{
    private JobResult()
    {
    }

    /// <summary>The change is committed. It contains the job after the change, or the deleted job.</summary>
    public sealed record Done(Job Job, bool Created) : JobResult;

    /// <summary>The job does not exist.</summary>
    public sealed record NoJob : JobResult;

    /// <summary>The current version does not meet the condition.</summary>
    public sealed record ConditionFailed : JobResult;

    /// <summary>The definition is refused: it keeps hidden values that do not exist, or its schedule has no time left.</summary>
    /// <param name="Errors">The errors by the path of the member.</param>
    public sealed record Refused(IReadOnlyDictionary<string, string[]> Errors) : JobResult;

    /// <summary>The job comes from the configuration and cannot be changed.</summary>
    public sealed record BuiltIn : JobResult;

    /// <summary>The number of jobs has reached its limit.</summary>
    public sealed record TooMany : JobResult;
}
