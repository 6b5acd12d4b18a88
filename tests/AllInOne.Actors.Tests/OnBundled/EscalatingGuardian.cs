namespace AllInOne.Actors.Tests;

/// <summary>A system whose <c>/user</c> deals with no failure itself.</summary>
internal static class EscalatingGuardian
{
    public static ActorSystem CreateSystem() => ActorSystem.Create(
        "test", new ActorSystemOptions { GuardianStrategy = new OneForOneStrategy(_ => Directive.Escalate) });
}
