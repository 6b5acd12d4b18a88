namespace AllInOne.Actors;

/// <summary>Endless messages block the maximum number of threads, so the system cannot continue and gives up.</summary>
public sealed class ThreadsExhaustedException(int maxThreads, string heldUpBy)
    : Exception($"All {maxThreads} threads for actors are held up by messages that do not end: {heldUpBy}")
{
    /// <summary>The maximum number of threads.</summary>
    public int MaxThreads { get; } = maxThreads;
}
