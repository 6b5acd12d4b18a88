namespace AllInOne.Core.Inspection;

/// <summary>The threads that run the actors.</summary>
/// <param name="Workers">How many threads run actors at the same time.</param>
/// <param name="Threads">Threads there are, spare and held up ones included.</param>
/// <param name="MaxThreads">The bound; past it the process gives up.</param>
/// <param name="Queued">Actors that wait for a worker.</param>
/// <param name="HeldUp">Threads taken out of the rotation, by the message that holds them up.</param>
public sealed record SchedulerSnapshot(int Workers, int Threads, int MaxThreads, int Queued, IReadOnlyList<HeldUpSnapshot> HeldUp);

/// <summary>A message that takes so long that its thread was replaced.</summary>
/// <param name="Path">The actor's path.</param>
/// <param name="Type">The actor's class.</param>
/// <param name="Message">The message's class, or null outside a message (a constructor, PreStart).</param>
/// <param name="Since">When it was taken in hand.</param>
/// <param name="CpuMs">Processor time spent in it, in milliseconds.</param>
/// <param name="State">blocked (uses no processor), burning, or demoted (burning at the lowest priority).</param>
/// <param name="Abandoned">The actor was stopped or restarted meanwhile; what this message does is of no effect any more.</param>
public sealed record HeldUpSnapshot(
    string Path, string Type, string? Message, DateTimeOffset Since, double CpuMs, string State, bool Abandoned);
