namespace AllInOne.Actors;

/// <summary>A fault in the scheduler itself, not in an actor: its actors cannot be trusted to run, so the system gives up.</summary>
public sealed class SchedulerFaultException(Exception fault)
    : Exception($"The actor scheduler failed: {fault.GetType().Name}: {fault.Message}", fault);
