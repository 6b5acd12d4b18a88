namespace AllInOne.Actors.Tests.Supervision;

/// <summary>What happens where there is nobody left to escalate to.</summary>
public sealed class GuardianTests() : ActorTest(CreateSystem())
{
    [Fact]
    public async Task A_failure_past_the_guardian_ends_the_system()
    {
        var actor = StartPuppet();
        var other = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        var ended = new TaskCompletionSource();
        System.RegisterOnTermination(ended.SetResult);
        await Probe.WatchAsync(other);

        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await System.WhenTerminated.WaitAsync(Patience);
        await ended.Task.WaitAsync(Patience);
#if !AKKA
        Assert.IsType<TestFailure>(System.FatalFailure);
#endif
    }

    [Fact]
    public async Task Stopped_actors_of_an_ended_system_take_messages_as_any_dead_ones()
    {
        var actor = StartPuppet();
        await System.Terminate().WaitAsync(Patience);

        actor.Tell("nobody hears it", ActorRefs.NoSender);

        Assert.Throws<InvalidOperationException>(() => StartPuppet());
    }

#if AKKA
    private static ActorSystem CreateSystem() => ActorSystem.Create(
        "test", $"akka.actor.guardian-supervisor-strategy = \"{typeof(Escalating).AssemblyQualifiedName}\"");

    public sealed class Escalating : SupervisorStrategyConfigurator
    {
        public override SupervisorStrategy Create() => Always(Directive.Escalate);
    }
#else
    private static ActorSystem CreateSystem() =>
        ActorSystem.Create("test", new ActorSystemOptions { GuardianStrategy = Always(Directive.Escalate) });
#endif
}
