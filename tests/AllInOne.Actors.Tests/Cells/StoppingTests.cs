using Akka.Event;

namespace AllInOne.Actors.Tests.Cells;

public sealed class StoppingTests : ActorTest
{
    [Fact]
    public async Task A_poison_pill_works_after_what_was_queued_before_it()
    {
        var letters = Listen<DeadLetter>();
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet();
        await OccupyAsync(actor, gate);
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);
        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        actor.Tell(3, ActorRefs.NoSender);
        gate.Set();

        await ExpectAsync(1, 2);
        await Probe.ExpectTerminatedAsync(actor);
        Assert.Equal(3, (await letters.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Stop_lets_the_message_in_hand_end_and_makes_the_rest_dead_letters()
    {
        var letters = Listen<DeadLetter>();
        using var gate = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var actor = StartPuppet();
        actor.Tell(
            new Do(context =>
            {
                entered.Set();
                gate.Wait(Patience);
                Probe.Ref.Tell("ended", context.Self);
            }),
            ActorRefs.NoSender);
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(2, Probe.Ref);
        Assert.True(entered.Wait(Patience));
        System.Stop(actor);
        gate.Set();

        await ExpectAsync("ended");
        await Probe.ExpectTerminatedAsync(actor);
        Assert.Equal(1, (await letters.ExpectMsgAsync<DeadLetter>()).Message);
        var second = await letters.ExpectMsgAsync<DeadLetter>();
        Assert.Equal((2, Probe.Ref, actor), (second.Message, second.Sender, second.Recipient));
    }

    [Fact]
    public async Task An_actor_that_stops_itself_ends_its_message_and_takes_no_other()
    {
        var actor = StartPuppet();
        actor.Tell(
            new Do(context =>
            {
                context.Stop(context.Self);
                context.Self.Tell("never handled", context.Self);
                Probe.Ref.Tell("handled to its end", context.Self);
            }),
            ActorRefs.NoSender);

        await ExpectAsync("handled to its end");
        await Probe.ExpectTerminatedAsync(actor);
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task Kill_is_a_failure_that_stops_by_default()
    {
        var seen = new TaskCompletionSource<Exception>();
        var parent = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return SupervisorStrategy.DefaultDecider.Decide(cause);
        }));
        var child = await StartChildAsync(parent);

        child.Tell(Kill.Instance, ActorRefs.NoSender);

        Assert.IsType<ActorKilledException>(await seen.Task.WaitAsync(Patience));
        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task Kill_works_after_what_was_queued_before_it()
    {
        var actor = StartPuppet();
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(Kill.Instance, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);

        await ExpectAsync(1);
        await Probe.ExpectTerminatedAsync(actor);
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task A_supervisor_may_restart_what_was_killed()
    {
        var parent = StartPuppet(Always(Directive.Restart));
        var child = await StartChildAsync(parent);
        child.Tell(Kill.Instance, ActorRefs.NoSender);
        child.Tell("kept", ActorRefs.NoSender);

        await ExpectAsync("kept");
    }

    [Fact]
    public async Task Children_stop_before_their_parents()
    {
        var top = System.ActorOf(Props.Create(() => new SaysWhenStopped(Probe.Ref, 3)));
        await SettledAsync(top);

        System.Stop(top);

        await ExpectAsync("stopped at 0", "stopped at 1", "stopped at 2", "stopped at 3");
    }

    [Fact]
    public async Task Stopping_twice_is_like_stopping_once()
    {
        var actor = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        System.Stop(actor);
        System.Stop(actor);

        await ExpectAsync(new Life("PostStop"));
        await Probe.ExpectTerminatedAsync(actor);
        System.Stop(actor);
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task Terminating_the_system_stops_all_actors_and_ends_its_task()
    {
        var actor = StartPuppet();
        var child = await StartChildAsync(actor);
        var stopped = new TaskCompletionSource();
        child.Tell(new Do(context => context.ActorOf(Recipe.Of(() => new SignalsItsEnd(stopped)))), ActorRefs.NoSender);
        await SettledAsync(child);

        await System.Terminate().WaitAsync(Patience);

        Assert.True(stopped.Task.IsCompleted);
        Assert.True(System.WhenTerminated.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_is_registered_for_the_end_runs_with_it()
    {
        var ran = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        System.RegisterOnTermination(ran[0].SetResult);
        System.RegisterOnTermination(ran[1].SetResult);

        _ = System.Terminate();

        await Task.WhenAll(ran.Select(one => one.Task)).WaitAsync(Patience);
    }

    [Fact]
    public async Task Senders_that_never_pause_do_not_keep_a_stopping_actor_alive()
    {
        using var end = new CancellationTokenSource();
        var watcher = TestProbe.Create(System);
        var slow = System.ActorOf(Props.Create(() => new Ignores()));
        for (var i = 0; i < 6; i++)
        {
            // So that giving a letter away takes longer than sending one.
            System.EventStream.Subscribe(System.ActorOf(Props.Create(() => new Ignores())), typeof(DeadLetter));
        }

        var flood = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                slow.Tell("again", ActorRefs.NoSender);
            }
        })).ToList();
        System.Stop(slow);

        try
        {
            await watcher.ExpectTerminatedAsync(slow, Patience * 3);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(flood);
        }
    }

    private sealed class Ignores : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class SaysWhenStopped : UntypedActor
    {
        private readonly IActorRef _probe;
        private readonly int _height;

        public SaysWhenStopped(IActorRef probe, int height)
        {
            (_probe, _height) = (probe, height);
            if (height > 0)
            {
                Context.ActorOf(Props.Create(() => new SaysWhenStopped(probe, height - 1)));
            }
        }

        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => _probe.Tell($"stopped at {_height}", Self);
    }
}
