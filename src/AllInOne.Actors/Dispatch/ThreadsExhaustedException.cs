namespace AllInOne.Actors;

/// <summary>The exception for a system in which endless messages block the maximum number of threads. It cannot continue, so it gives up.</summary>
public sealed class ThreadsExhaustedException(int maxThreads, string heldUpBy)
    : Exception($"All {maxThreads} threads for actors are held up by messages that do not end: {heldUpBy}")
{
    /// <summary>The maximum number of threads.</summary>
    public int MaxThreads { get; } = maxThreads;
}
