namespace AllInOne.Actors.Tests.Supervision;

public sealed class AllForOneTests : ActorTest
{
    [Fact]
    public async Task All_children_restart_with_the_one_that_failed_and_keep_their_mailboxes()
    {
        using var gate = new ManualResetEventSlim();
        var parent = StartPuppet(new AllForOneStrategy(_ => Directive.Restart));
        var failing = await StartChildAsync(parent);
        var sibling = await StartChildAsync(parent, TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        await OccupyAsync(sibling, gate);
        sibling.Tell("kept", ActorRefs.NoSender);

        failing.Tell(new Crash(Failure("why")), ActorRefs.NoSender);
        failing.Tell("restarted", ActorRefs.NoSender);
        await ExpectAsync("restarted");
        gate.Set();

        await ExpectAsync(
            new Life("PreRestart"),
            new Life("PostStop"),
            new Life("constructor"),
            new Life("PostRestart", "why"),
            new Life("PreStart"),
            "kept");
    }

    [Fact]
    public async Task All_children_stop_with_the_one_that_failed()
    {
        var parent = StartPuppet(new AllForOneStrategy(_ => Directive.Stop));
        var failing = await StartChildAsync(parent);
        var sibling = await StartChildAsync(parent);

        failing.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(failing);
        await Probe.ExpectTerminatedAsync(sibling);
    }

    [Fact]
    public async Task Past_the_limit_all_children_stop()
    {
        var parent = StartPuppet(new AllForOneStrategy(1, TimeSpan.FromHours(1), _ => Directive.Restart));
        var one = await StartChildAsync(parent);
        var two = await StartChildAsync(parent);

        one.Tell(new Crash(Failure()), ActorRefs.NoSender);
        one.Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
        two.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(one);
        await Probe.ExpectTerminatedAsync(two);
    }

    [Fact]
    public async Task Resume_touches_the_failed_child_alone()
    {
        var parent = StartPuppet(new AllForOneStrategy(_ => Directive.Resume));
        var failing = await StartChildAsync(parent);
        var sibling = await StartChildAsync(parent, TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));

        failing.Tell(new Crash(Failure()), ActorRefs.NoSender);
        failing.Tell(1, ActorRefs.NoSender);
        await ExpectAsync(1);
        sibling.Tell(2, ActorRefs.NoSender);
        await ExpectAsync(2);
    }
}
