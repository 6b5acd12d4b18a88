namespace AllInOne.Actors;

/// <summary>The threads that run the actors of a system, at a moment.</summary>
/// <param name="Workers">How many run actors at the same time.</param>
/// <param name="MaxWorkers">The maximum that <see cref="ActorSystemInspection.ResizeScheduler"/> accepts.</param>
/// <param name="Threads">All threads, including spare and blocked threads.</param>
/// <param name="MaxThreads">The maximum number of threads. If one more is needed, the system gives up.</param>
/// <param name="Queued">Actors that wait for a worker.</param>
/// <param name="HeldUp">The messages that block a replaced thread.</param>
public sealed record SchedulerInfo(int Workers, int MaxWorkers, int Threads, int MaxThreads, int Queued, IReadOnlyList<HeldUpInfo> HeldUp);

/// <summary>A message that has run for so long that its thread was replaced.</summary>
/// <param name="Path">The actor's path.</param>
/// <param name="Type">The actor's class.</param>
/// <param name="Message">The message's class; null outside a message (a constructor, PreStart).</param>
/// <param name="Since">When the actor took the message; exact to one interval of the monitor.</param>
/// <param name="Cpu">Processor time spent in it since then.</param>
/// <param name="State">blocked, burning or demoted.</param>
/// <param name="Abandoned">Its actor was stopped or restarted meanwhile.</param>
public sealed record HeldUpInfo(string Path, Type Type, Type? Message, DateTimeOffset Since, TimeSpan Cpu, string State, bool Abandoned);
