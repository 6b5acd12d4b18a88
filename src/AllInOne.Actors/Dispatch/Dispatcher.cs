namespace AllInOne.Actors;

/// <summary>Decides where and for how long an actor runs: a slice on the thread pool, then back to the end of the queue.</summary>
internal static class Dispatcher
{
    /// <summary>Messages in one slice at the most.</summary>
    public const int SliceMessages = 100;

    /// <summary>After how much time a slice ends, in ticks of the stopwatch: about a millisecond.</summary>
    public static readonly long SliceTicks = System.Diagnostics.Stopwatch.Frequency / 1000;

    public static void Schedule(ActorCell cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
}
