namespace AllInOne.Actors.Tests.Dispatch;

public sealed class RestartTests : ActorTest
{
    [Fact]
    public async Task A_restart_keeps_the_mailbox_and_its_order()
    {
        var actor = StartPuppet();
        using var gate = new ManualResetEventSlim();
        await OccupyAsync(actor, gate);
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        actor.Tell(3, ActorRefs.NoSender);
        gate.Set();

        await ExpectAsync(1, 2, 3);
    }

    [Fact]
    public async Task Children_are_stopped_by_default()
    {
        var parent = System.ActorOf(Puppet.Props(Probe.Ref, null));
        var child = await StartChildAsync(parent, TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        await Probe.WatchAsync(child);

        parent.Tell(new Crash(Failure()), ActorRefs.NoSender);
        parent.Tell("restarted", ActorRefs.NoSender);

        await Probe.ExpectMsgAsync(new Life("PostStop"));
        var rest = new[] { await Probe.ExpectMsgAsync<object>(), await Probe.ExpectMsgAsync<object>() };
        Assert.Contains(rest, message => message is Terminated terminated && terminated.ActorRef.Equals(child));
        Assert.Contains("restarted", rest);
        Assert.Empty(await parent.Ask<IActorRef[]>(new Do(c => c.Sender.Tell(c.GetChildren().ToArray(), c.Self)), Patience));
    }

    [Fact]
    public async Task The_new_instance_waits_until_the_children_are_gone()
    {
        using var gate = new ManualResetEventSlim();
        var parent = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        var child = await StartChildAsync(parent, Puppet.Props(Probe.Ref, null), "child");
        await OccupyAsync(child, gate);
        var crash = new Crash(Failure("why"));
        parent.Tell(crash, ActorRefs.NoSender);
        await ExpectAsync(new Life("constructor"), new Life("PreStart"), new Life("PreRestart", crash), new Life("PostStop"));
        await Probe.ExpectNoMsgAsync(Silence);

        gate.Set();

        await ExpectAsync(new Life("constructor"), new Life("PostRestart", "why"), new Life("PreStart"));
        Assert.NotEqual(child, await StartChildAsync(parent, Puppet.Props(Probe.Ref, null), "child"));
    }

    [Fact]
    public async Task Children_that_PreRestart_does_not_stop_are_restarted_too_and_keep_their_mailboxes()
    {
        using var gate = new ManualResetEventSlim();
        var parent = System.ActorOf(KeepingPuppet.Props(Probe.Ref, null));
        var child = await StartChildAsync(parent, TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        await OccupyAsync(child, gate);
        child.Tell("first", ActorRefs.NoSender);
        child.Tell("second", ActorRefs.NoSender);

        parent.Tell(new Crash(Failure("why")), ActorRefs.NoSender);
        await SettledAsync(parent);
        gate.Set();

        await ExpectAsync(
            new Life("PreRestart"),
            new Life("PostStop"),
            new Life("constructor"),
            new Life("PostRestart", "why"),
            new Life("PreStart"),
            "first",
            "second");
        Assert.Equal([child], await parent.Ask<IActorRef[]>(new Do(c => c.Sender.Tell(c.GetChildren().ToArray(), c.Self)), Patience));
    }

    [Fact]
    public async Task A_restart_between_two_messages_drops_neither()
    {
        using var gate = new ManualResetEventSlim();
        var actor = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        await OccupyAsync(actor, gate);
        actor.Tell("first", ActorRefs.NoSender);
        actor.Tell("second", ActorRefs.NoSender);
        var lifecycle = (IInternalActorRef)actor;

        lifecycle.Suspend();
        lifecycle.Restart(Failure("asked for"));
        gate.Set();

        await ExpectAsync(
            new Life("PreRestart"),
            new Life("PostStop"),
            new Life("constructor"),
            new Life("PostRestart", "asked for"),
            new Life("PreStart"),
            "first",
            "second");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_of_the_parent_during_a_restart_leaves_no_actor_suspended(bool parentResumes)
    {
        using var gate = new ManualResetEventSlim();
        var top = StartPuppet(Always(parentResumes ? Directive.Resume : Directive.Restart));
        var parent = await StartChildAsync(top, KeepingPuppet.Props(Probe.Ref, null));
        var actor = await StartChildAsync(parent);
        var stuck = await StartChildAsync(actor);
        await OccupyAsync(stuck, gate);

        // The actor cannot get its new instance before the stuck child has stopped.
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        parent.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await SettledAsync(parent);
        gate.Set();
        await System.WhenStoppedAsync(stuck);

        actor.Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }

    [Fact]
    public async Task A_suspended_actor_keeps_its_messages_until_it_is_resumed()
    {
        var actor = StartPuppet();
        await SettledAsync(actor);
        ((IInternalActorRef)actor).Suspend();
        actor.Tell("later", ActorRefs.NoSender);
        await Probe.ExpectNoMsgAsync(Silence);

        ((IInternalActorRef)actor).Resume(null);

        await ExpectAsync("later");
    }
}
