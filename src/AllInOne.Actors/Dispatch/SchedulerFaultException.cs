namespace AllInOne.Actors;

/// <summary>The exception for a failure of the scheduler itself, not of an actor. It may no longer run its actors, so the system gives up.</summary>
public sealed class SchedulerFaultException(Exception fault)
    : Exception($"The actor scheduler failed: {fault.GetType().Name}: {fault.Message}", fault);
