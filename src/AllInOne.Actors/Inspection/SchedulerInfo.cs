namespace AllInOne.Actors;

/// <summary>The threads that run the actors of a system, at a moment.</summary>
/// <param name="Workers">How many run actors at the same time.</param>
/// <param name="MaxWorkers">The maximum that <see cref="ActorSystemInspection.ResizeScheduler"/> accepts.</param>
/// <param name="Threads">Threads there are, spare and held up ones included.</param>
/// <param name="MaxThreads">The bound, past which the system gives up.</param>
/// <param name="Queued">Actors that wait for a worker.</param>
/// <param name="HeldUp">The messages that hold a thread up which was replaced.</param>
public sealed record SchedulerInfo(int Workers, int MaxWorkers, int Threads, int MaxThreads, int Queued, IReadOnlyList<HeldUpInfo> HeldUp);

/// <summary>A message that goes on for so long that its thread was replaced.</summary>
/// <param name="Path">The actor's path.</param>
/// <param name="Type">The actor's class.</param>
/// <param name="Message">The message's class; null outside a message (a constructor, PreStart).</param>
/// <param name="Since">When it was taken in hand, give or take a look of the monitor.</param>
/// <param name="Cpu">Processor time spent in it since then.</param>
/// <param name="State">blocked, burning or demoted.</param>
/// <param name="Abandoned">Its actor was stopped or restarted meanwhile.</param>
public sealed record HeldUpInfo(string Path, Type Type, Type? Message, DateTimeOffset Since, TimeSpan Cpu, string State, bool Abandoned);
