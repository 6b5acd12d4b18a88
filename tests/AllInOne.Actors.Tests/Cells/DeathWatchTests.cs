namespace AllInOne.Actors.Tests.Cells;

public sealed class DeathWatchTests : ActorTest
{
    [Fact]
    public async Task Terminated_comes_after_PostStop()
    {
        var actor = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        await Probe.WatchAsync(actor);

        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await ExpectAsync(new Life("PostStop"));
        Assert.Equal(actor, (await Probe.ExpectMsgAsync<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task Watching_an_actor_that_is_dead_already_tells_at_once()
    {
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));

        Assert.Equal(actor, (await Probe.ExpectTerminatedAsync(actor)).ActorRef);
    }

    [Fact]
    public async Task Terminated_tells_whether_the_actor_is_known_to_have_lived()
    {
        var actor = StartPuppet();
        await Probe.WatchAsync(actor);
        System.Stop(actor);
        Assert.True((await Probe.ExpectMsgAsync<Terminated>()).ExistenceConfirmed);

        Assert.False((await Probe.ExpectTerminatedAsync(actor)).ExistenceConfirmed);
    }

    [Fact]
    public async Task WatchWith_of_an_actor_that_is_dead_already_tells_the_given_message()
    {
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));

        await Probe.DoAsync(context => context.WatchWith(actor, "it is gone"));

        await Probe.ExpectMsgAsync("it is gone");
    }

    [Fact]
    public async Task Watching_twice_tells_once()
    {
        var actor = StartPuppet();
        await Probe.WatchAsync(actor);
        await Probe.WatchAsync(actor);

        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await Probe.ExpectMsgAsync<Terminated>();
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task All_who_watch_are_told()
    {
        var actor = StartPuppet();
        var probes = Enumerable.Range(0, 5).Select(_ => TestProbe.Create(System)).ToList();
        foreach (var probe in probes)
        {
            await probe.WatchAsync(actor);
        }

        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        foreach (var probe in probes)
        {
            Assert.Equal(actor, (await probe.ExpectMsgAsync<Terminated>()).ActorRef);
        }
    }

    [Fact]
    public async Task Who_does_not_watch_any_more_is_not_told()
    {
        var actor = StartPuppet();
        await Probe.WatchAsync(actor);
        await Probe.UnwatchAsync(actor);

        Assert.True(await actor.GracefulStop(Patience));

        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task Unwatching_takes_back_a_Terminated_that_waits_in_the_mailbox()
    {
        var actor = StartPuppet();
        await Probe.WatchAsync(actor);
        await Probe.DoAsync(context =>
        {
            Assert.True(actor.GracefulStop(Patience).GetAwaiter().GetResult());
            context.Unwatch(actor);
        });

        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task WatchWith_tells_the_given_message_instead()
    {
        var actor = StartPuppet();
        await Probe.DoAsync(context => context.WatchWith(actor, "it is gone"));

        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await Probe.ExpectMsgAsync("it is gone");
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task The_first_watch_stands_until_it_is_taken_back()
    {
        var actor = StartPuppet();
        await Probe.DoAsync(context => context.WatchWith(actor, "one"));
        await Probe.DoAsync(context => context.WatchWith(actor, "two"));
        await Probe.WatchAsync(actor);
        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await Probe.ExpectMsgAsync("one");
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task A_watch_taken_back_makes_room_for_another()
    {
        var actor = StartPuppet();
        await Probe.DoAsync(context => context.WatchWith(actor, "one"));
        await Probe.UnwatchAsync(actor);
        await Probe.DoAsync(context => context.WatchWith(actor, "two"));
        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await Probe.ExpectMsgAsync("two");
    }

    [Fact]
    public async Task Who_does_not_handle_Terminated_dies_with_a_death_pact()
    {
        var seen = new TaskCompletionSource<Exception>();
        var parent = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        var watched = StartPuppet();
        var watcher = await StartChildAsync(parent, Recipe.Of(() => new WatchesWithoutHandling(watched)));
        await SettledAsync(watcher);

        watched.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        Assert.Equal(watched, Assert.IsType<DeathPactException>(await seen.Task.WaitAsync(Patience)).DeadActor);
        await Probe.ExpectTerminatedAsync(watcher);
    }

    [Fact]
    public async Task A_watch_outlives_a_restart_of_the_watcher()
    {
        var watcher = System.ActorOf(Props.Create(() => new TellsOfEnds(Probe.Ref)));
        var watched = StartPuppet();
        watcher.Tell(new Do(context => context.Watch(watched)), ActorRefs.NoSender);
        watcher.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await SettledAsync(watcher);

        watched.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await Probe.ExpectMsgAsync<IActorRef>(watched);
    }

    [Fact]
    public async Task A_restart_of_the_watched_is_not_its_end()
    {
        var actor = StartPuppet();
        await Probe.WatchAsync(actor);
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        actor.Tell("still here", ActorRefs.NoSender);

        await ExpectAsync("still here");
    }

    [Fact]
    public async Task A_parent_may_watch_its_child()
    {
        var parent = System.ActorOf(Props.Create(() => new TellsOfEnds(Probe.Ref)));
        var child = await StartChildAsync(parent, "child");
        parent.Tell(new Do(context => context.Watch(child)), ActorRefs.NoSender);

        child.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await Probe.ExpectMsgAsync<IActorRef>(child);
        Assert.NotEqual(child, await StartChildAsync(parent, "child"));
    }

    [Fact]
    public async Task What_an_actor_says_before_its_end_comes_before_Terminated()
    {
        var actor = StartPuppet();
        await Probe.WatchAsync(actor);
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(i, ActorRefs.NoSender);
        }

        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await ExpectAsync(Enumerable.Range(0, 100).Cast<object>().ToArray());
        await Probe.ExpectMsgAsync<Terminated>();
    }

    [Fact]
    public async Task Terminated_passed_on_by_hand_is_not_seen()
    {
        var passesOn = StartPuppet();
        var watched = StartPuppet();
        passesOn.Tell(new Do(context => context.Watch(watched)), ActorRefs.NoSender);
        await SettledAsync(passesOn);

        Assert.True(await watched.GracefulStop(Patience));
        await SettledAsync(passesOn);

        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task Watching_oneself_is_of_no_consequence()
    {
        var actor = StartPuppet();
        actor.Tell(new Do(context => context.Watch(context.Self)), ActorRefs.NoSender);

        Assert.True(await actor.GracefulStop(Patience));
    }

    /// <summary>Tells who ended: Terminated itself counts only where the watch is.</summary>
    private sealed class TellsOfEnds : ReceiveActor
    {
        public TellsOfEnds(IActorRef probe)
        {
            Receive<Terminated>(terminated => probe.Tell(terminated.ActorRef, Self));
            Receive<Do>(order => order.Action(Context));
            Receive<Crash>(Throw);
        }

        private static void Throw(Crash crash) => throw crash.Cause;
    }

    private sealed class WatchesWithoutHandling : ReceiveActor
    {
        public WatchesWithoutHandling(IActorRef watched) => Context.Watch(watched);
    }
}
