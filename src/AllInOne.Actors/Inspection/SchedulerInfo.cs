namespace AllInOne.Actors;

/// <summary>The current state of the threads that run the actors of a system.</summary>
/// <param name="Workers">The number of actors that run at the same time.</param>
/// <param name="MaxWorkers">The maximum that <see cref="ActorSystemInspection.ResizeScheduler"/> accepts.</param>
/// <param name="Threads">All threads, including spare and blocked threads.</param>
/// <param name="MaxThreads">The maximum number of threads. If one more is needed, the system gives up.</param>
/// <param name="Queued">Actors that wait for a worker.</param>
/// <param name="HeldUp">The messages that block a replaced thread.</param>
public sealed record SchedulerInfo(int Workers, int MaxWorkers, int Threads, int MaxThreads, int Queued, IReadOnlyList<HeldUpInfo> HeldUp);

/// <summary>A message that has run for so long that its thread was replaced.</summary>
/// <param name="Path">The actor's path.</param>
/// <param name="Type">The actor's class.</param>
/// <param name="Message">The class of the message; null if the code is not in a message (a constructor, PreStart).</param>
/// <param name="Since">When the actor took the message; exact to one interval of the monitor.</param>
/// <param name="Cpu">The processor time that it has used since then.</param>
/// <param name="State">blocked, burning or demoted.</param>
/// <param name="Abandoned">Whether its actor was stopped or restarted, and abandoned.</param>
public sealed record HeldUpInfo(string Path, Type Type, Type? Message, DateTimeOffset Since, TimeSpan Cpu, string State, bool Abandoned);
