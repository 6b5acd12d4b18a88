using Akka.Actor;

namespace AllInOne.Core.Supervision;

/// <summary>The specification of one actor of the tree: its name, its props, and how it is stopped.</summary>
/// <param name="Name">The name below its parent.</param>
/// <param name="Props">Creates the actor.</param>
public sealed record ChildSpec(string Name, Props Props)
{
    /// <summary>The message that stops it when the server stops.</summary>
    public object Stop { get; init; } = PoisonPill.Instance;

    /// <summary>Whether it reports to its supervisor that it is ready (<see cref="PartSupervisor.ChildReady"/>).</summary>
    public bool ReportsReady { get; init; }

    /// <summary>The address at which other threads reach it. The supervisor attaches and detaches the actor; null if the actor does so itself.</summary>
    internal ActorAddress? Address { get; init; }
}
