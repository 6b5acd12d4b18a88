namespace AllInOne.Actors.Tests.Supervision;

/// <summary>What happens where there is nobody left to escalate to.</summary>
public sealed class GuardianTests() : ActorTest(EscalatingGuardian.CreateSystem())
{
    [Fact]
    public async Task A_failure_past_the_guardian_ends_the_system()
    {
        var actor = StartPuppet();
        var bystander = new TaskCompletionSource();
        System.ActorOf(Props.Create(() => new SignalsItsEnd(bystander)));
        var ended = new TaskCompletionSource();
        System.RegisterOnTermination(ended.SetResult);

        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await System.WhenTerminated.WaitAsync(Patience);
        await ended.Task.WaitAsync(Patience);
        Assert.True(bystander.Task.IsCompleted);
    }

    [Fact]
    public async Task A_failure_from_deep_below_ends_the_system_when_nobody_deals_with_it()
    {
        var top = StartPuppet(Always(Directive.Escalate));
        var middle = await StartChildAsync(top, Puppet.Props(Probe.Ref, Always(Directive.Escalate)));
        var bottom = await StartChildAsync(middle);

        bottom.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await System.WhenTerminated.WaitAsync(Patience);
    }

    [Fact]
    public async Task Stopped_actors_of_an_ended_system_take_messages_as_any_dead_ones()
    {
        var actor = StartPuppet();
        await System.Terminate().WaitAsync(Patience);

        actor.Tell("nobody hears it", ActorRefs.NoSender);

        Assert.Throws<InvalidOperationException>(() => StartPuppet());
    }
}
