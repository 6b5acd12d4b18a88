namespace AllInOne.Core.Jobs;

/// <summary>What became of work that was given to a job.</summary>
public abstract record EnqueueResult
{
    private EnqueueResult()
    {
    }

    /// <summary>It is committed.</summary>
    public sealed record Stored(QueueItem Item) : EnqueueResult;

    /// <summary>There is an item with its key already; nothing was added.</summary>
    public sealed record KeyTaken(long Item) : EnqueueResult;

    public sealed record NoJob : EnqueueResult;
}
