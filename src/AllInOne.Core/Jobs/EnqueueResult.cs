namespace AllInOne.Core.Jobs;

/// <summary>The result of adding an item to the queue of a job.</summary>
public abstract record EnqueueResult
{
    private EnqueueResult()
    {
    }

    /// <summary>The item is committed.</summary>
    public sealed record Stored(QueueItem Item) : EnqueueResult;

    /// <summary>An item with the same key exists already; nothing was added.</summary>
    public sealed record KeyTaken(long Item) : EnqueueResult;

    /// <summary>The job does not exist.</summary>
    public sealed record NoJob : EnqueueResult;
}
