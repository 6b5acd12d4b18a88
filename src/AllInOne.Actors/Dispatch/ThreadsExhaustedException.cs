namespace AllInOne.Actors;

/// <summary>Messages that never end hold up as many threads as there may be: the system cannot go on and gives up.</summary>
public sealed class ThreadsExhaustedException(int maxThreads, string heldUpBy)
    : Exception($"All {maxThreads} threads for actors are held up by messages that do not end: {heldUpBy}")
{
    /// <summary>The bound.</summary>
    public int MaxThreads { get; } = maxThreads;
}
