namespace AllInOne.Actors.Tests;

/// <summary>A system whose <c>/user</c> deals with no failure itself.</summary>
public sealed class EscalatingGuardian : SupervisorStrategyConfigurator
{
    public static ActorSystem CreateSystem() => TestSystem.Create(
        "test", $"akka.actor.guardian-supervisor-strategy = \"{typeof(EscalatingGuardian).AssemblyQualifiedName}\"");

    public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Escalate);
}
