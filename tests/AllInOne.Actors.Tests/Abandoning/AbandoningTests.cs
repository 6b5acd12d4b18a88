namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>An actor that receives a stop or a restart and does not complete its message is taken from its thread.</summary>
public sealed class AbandoningTests : RunawayTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stuck_actor_that_is_stopped_is_abandoned_and_its_watchers_are_notified(bool spins)
    {
        var actor = StartPuppet();
        await HoldUpAsync(actor, spins ? Spin : Block);
        System.Stop(actor);

        await System.WhenStoppedAsync(actor);
        Assert.True((await HeldUpAsync(actor, _ => true)).Abandoned);
    }

    [Fact]
    public async Task The_name_of_an_abandoned_actor_is_free_and_its_thread_is_counted_until_the_message_ends()
    {
        var stuck = StartPuppet(name: "stuck");
        await HoldUpAsync(stuck, Spin);
        System.Stop(stuck);
        await WhenGoneAsync(stuck);

        var next = StartPuppet(name: "stuck");
        next.Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
        await HeldUpAsync(stuck, held => held is { Abandoned: true, State: "demoted" });

        LetGo();
        await NobodyIsHeldUpAsync();
        Assert.Equal("idle", System.Inspect("/user/stuck")!.Status);
    }

    [Fact]
    public async Task Later_calls_of_the_abandoned_instance_have_no_effect()
    {
        var stuck = StartPuppet();
        var other = StartPuppet();
        var starts = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await HoldUpAsync(stuck, () =>
        {
            Spin();
            other.Tell("too late", stuck);
            other.Tell("too late");
            stuck.Tell("too late", stuck);
            System.Stop(other);
            starts.SetResult(Record.Exception(() => System.ActorOf(Puppet.Props(Probe.Ref, null))));
        });
        System.Stop(stuck);
        await System.WhenStoppedAsync(stuck);

        LetGo();
        Assert.Contains("was abandoned", (await starts.Task.WaitAsync(Patience))?.ToString());
        await NobodyIsHeldUpAsync();
        other.Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }

    [Fact]
    public async Task A_stuck_actor_that_is_restarted_keeps_its_mailbox_and_gets_a_new_instance_beside_the_old_one()
    {
        var actor = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        await HoldUpAsync(actor, Spin);
        actor.Tell("queued", ActorRefs.NoSender);
        Restart(actor);

        // The old instance is still in its message, so none of its hooks may run beside the new one.
        await ExpectAsync(new Life("constructor"), new Life("PostRestart", "as asked"), new Life("PreStart"), "queued");
        Assert.True((await HeldUpAsync(actor, _ => true)).Abandoned);
        var info = System.Inspect(actor.Path.ToStringWithoutAddress())!;
        Assert.Equal(1, info.Restarts);
        Assert.IsType<ActorAbandonedException>(info.LastFailure!.Cause);
        Assert.IsType<Do>(info.LastFailure.Message);

        LetGo();
        await NobodyIsHeldUpAsync();
        actor.Tell("still there", ActorRefs.NoSender);
        await ExpectAsync("still there");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stuck_actor_that_restarts_with_its_siblings_is_abandoned_and_all_restart_once(bool spins)
    {
        var parent = StartPuppet(new AllForOneStrategy(_ => Directive.Restart));
        var all = new[] { await StartChildAsync(parent), await StartChildAsync(parent), await StartChildAsync(parent) };
        await HoldUpAsync(all[0], spins ? Spin : Block);
        all[0].Tell("queued", ActorRefs.NoSender);
        all[1].Tell(new Crash(Failure()), ActorRefs.NoSender);
        await ExpectAsync("queued");
        LetGo();
        await NobodyIsHeldUpAsync();

        foreach (var child in all)
        {
            await SettledAsync(child);
            Assert.Equal(1, System.Inspect(child.Path.ToStringWithoutAddress())!.Restarts);
        }
    }

    [Fact]
    public async Task A_stuck_actor_that_stops_with_its_siblings_is_abandoned_too()
    {
        var parent = StartPuppet(new AllForOneStrategy(_ => Directive.Stop));
        var (stuck, failing) = (await StartChildAsync(parent), await StartChildAsync(parent));
        await HoldUpAsync(stuck, Spin);
        failing.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await System.WhenStoppedAsync(stuck);
        await System.WhenStoppedAsync(failing);
        await SettledAsync(parent);
    }

    [Fact]
    public async Task A_name_is_taken_again_and_again_by_actors_that_get_stuck()
    {
        for (var i = 0; i < 20; i++)
        {
            var stuck = StartPuppet(name: "stuck");
            await HoldUpAsync(stuck, Block);
            System.Stop(stuck);
            await WhenGoneAsync(stuck);
        }

        Assert.Equal(20, System.InspectScheduler().HeldUp.Count(held => held is { Path: "/user/stuck", Abandoned: true }));
        StartPuppet(name: "stuck").Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }

    [Fact]
    public async Task The_children_of_an_abandoned_actor_stop_with_it()
    {
        var parent = StartPuppet();
        var child = await StartChildAsync(parent);
        await HoldUpAsync(parent, Spin);
        System.Stop(parent);

        await System.WhenStoppedAsync(child);
        await System.WhenStoppedAsync(parent);
    }

    [Fact]
    public async Task A_parent_that_stops_does_not_wait_for_a_stuck_child_for_ever()
    {
        var parent = StartPuppet();
        var child = await StartChildAsync(parent);
        await HoldUpAsync(child, Spin);
        System.Stop(parent);

        await System.WhenStoppedAsync(parent);
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("PreStart")]
    [InlineData("PostStop")]
    [InlineData("PreRestart")]
    public async Task An_actor_that_is_stuck_in_a_hook_is_abandoned(string hook)
    {
        var inHook = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<string> visit = at =>
        {
            if (at == hook)
            {
                inHook.TrySetResult();
                Spin();
            }
        };
        var actor = System.ActorOf(Recipe.Of(() => new StuckInHook(visit)));
        if (hook == "PreRestart")
        {
            Restart(actor);
        }
        else if (hook == "PostStop")
        {
            System.Stop(actor);
        }

        await inHook.Task.WaitAsync(Patience);
        System.Stop(actor);
        await System.WhenStoppedAsync(actor);
    }

    [Fact]
    public async Task A_supervisor_that_is_stuck_in_its_decision_is_abandoned_with_all_actors_below_it()
    {
        var parent = StartPuppet(new OneForOneStrategy(_ =>
        {
            Spin();
            return Directive.Resume;
        }));
        var child = await StartChildAsync(parent);
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await HeldUpAsync(parent, _ => true);
        System.Stop(parent);

        await System.WhenStoppedAsync(child);
        await System.WhenStoppedAsync(parent);
    }

    [Fact]
    public async Task Code_that_observes_the_token_ends_and_the_actor_is_not_abandoned()
    {
        var actor = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        var inHand = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        actor.Tell(
            new Do(context =>
            {
                var stopping = context.Stopping;
                inHand.SetResult();
                stopping.WaitHandle.WaitOne();
            }),
            ActorRefs.NoSender);
        await inHand.Task.WaitAsync(Patience);
        System.Stop(actor);

        await ExpectAsync(new Life("PostStop"));
        await System.WhenStoppedAsync(actor);
    }

    [Fact]
    public async Task A_restarted_actor_has_a_new_token()
    {
        var actor = StartPuppet();
        var first = await actor.Ask<CancellationToken>(new Do(TellToken), Patience);
        Restart(actor);
        var second = await actor.Ask<CancellationToken>(new Do(TellToken), Patience);

        Assert.True(first.IsCancellationRequested);
        Assert.False(second.IsCancellationRequested);
    }

    [Fact]
    public async Task A_system_terminates_although_some_of_its_actors_are_stuck()
    {
        foreach (var puppet in Enumerable.Range(0, 8).Select(_ => StartPuppet()))
        {
            await HoldUpAsync(puppet, Spin);
        }

        await System.Terminate().WaitAsync(Patience);
    }

    private static void TellToken(IActorContext context) => context.Sender.Tell(context.Stopping, context.Self);

    private sealed class StuckInHook : UntypedActor
    {
        private readonly Action<string> _visit;

        public StuckInHook(Action<string> visit)
        {
            _visit = visit;
            visit("constructor");
        }

        protected override void PreStart() => _visit("PreStart");

        protected override void PostStop() => _visit("PostStop");

        protected override void PreRestart(Exception reason, object? message) => _visit("PreRestart");

        protected override void OnReceive(object message)
        {
        }
    }
}
