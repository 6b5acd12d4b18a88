namespace AllInOne.Core.Inspection;

/// <summary>The threads that run the actors, at one moment.</summary>
/// <param name="Workers">The number of actors that run at the same time.</param>
/// <param name="Threads">The number of threads, including spare threads and blocked threads.</param>
/// <param name="MaxThreads">The maximum number of threads. If more are needed, the process exits.</param>
/// <param name="Queued">The number of actors that wait for a worker.</param>
/// <param name="HeldUp">The threads that are replaced because a message holds them up.</param>
public sealed record SchedulerSnapshot(int Workers, int Threads, int MaxThreads, int Queued, IReadOnlyList<HeldUpSnapshot> HeldUp);

/// <summary>A message that takes so long that its thread was replaced.</summary>
/// <param name="Path">The path of the actor.</param>
/// <param name="Type">The class of the actor.</param>
/// <param name="Message">The class of the message; null outside of a message (in a constructor or PreStart).</param>
/// <param name="Since">The time when the actor began to handle it.</param>
/// <param name="CpuMs">The processor time that it has used, in milliseconds.</param>
/// <param name="State">blocked (uses no processor), burning, or demoted (burning at the lowest priority).</param>
/// <param name="Abandoned">Whether the actor was abandoned, because it was stopped or restarted. Then this message has no effect any more.</param>
public sealed record HeldUpSnapshot(
    string Path, string Type, string? Message, DateTimeOffset Since, double CpuMs, string State, bool Abandoned);
