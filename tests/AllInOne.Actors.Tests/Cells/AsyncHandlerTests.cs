namespace AllInOne.Actors.Tests.Cells;

public sealed class AsyncHandlerTests : ActorTest
{
    [Fact]
    public async Task The_mailbox_waits_for_a_handler_that_awaits()
    {
        var gate = new TaskCompletionSource();
        var actor = Start(async _ => await gate.Task);
        actor.Tell("first", ActorRefs.NoSender);
        actor.Tell("second", ActorRefs.NoSender);
        await ExpectAsync("begins first");
        await Probe.ExpectNoMsgAsync();

        gate.SetResult();

        await ExpectAsync("ends first", "begins second", "ends second");
    }

    [Fact]
    public async Task Self_Sender_and_Context_are_there_after_an_await()
    {
        var asker = TestProbe.Create(System);
        var actor = System.ActorOf(Props.Create(() => new TellsWhoItIs()));
        asker.Send(actor, "question");

        Assert.Equal((actor, asker.Ref, actor), await asker.ExpectMsgAsync<(IActorRef, IActorRef, IActorRef)>());
        Assert.Equal(actor, asker.LastSender);
    }

    [Fact]
    public async Task Many_awaits_in_one_handler_come_back_each_time()
    {
        var actor = Start(async _ =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                await Task.Yield();
            }
        });
        actor.Tell("long", ActorRefs.NoSender);
        actor.Tell("next", ActorRefs.NoSender);

        await ExpectAsync("begins long", "ends long", "begins next", "ends next");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_fails_restarts_its_actor_with_the_message_in_hand(bool late)
    {
        var actor = Start(async message =>
        {
            if (late)
            {
                await Task.Yield();
            }

            if (message == "fails")
            {
                throw Failure("why");
            }
        });
        actor.Tell("fails", ActorRefs.NoSender);
        actor.Tell("next", ActorRefs.NoSender);

        await ExpectAsync("begins fails", "restarted for why at fails", "begins next", "ends next");
    }

    [Fact]
    public async Task The_decider_gets_the_failure_itself_and_no_wrapping()
    {
        var failure = Failure("itself");
        var seen = new TaskCompletionSource<Exception>();
        var parent = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        Func<string, Task> fails = async _ =>
        {
            await Task.Yield();
            throw failure;
        };
        var actor = await StartChildAsync(parent, Recipe.Of(() => new Awaiting(Probe.Ref, fails)));
        actor.Tell("fails", ActorRefs.NoSender);

        Assert.Same(failure, await seen.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_handler_may_ask_another_actor()
    {
        var other = System.ActorOf(Props.Create(() => new Doubles()));
        var actor = Start(async _ => Probe.Ref.Tell(await other.Ask<int>(21, Patience)));
        actor.Tell("ask", ActorRefs.NoSender);

        await ExpectAsync("begins ask", 42, "ends ask");
        Assert.Equal(actor, Probe.LastSender);
    }

    [Fact]
    public async Task What_waits_meanwhile_keeps_its_order()
    {
        var actor = Start(async _ => await Task.Yield());
        for (var i = 0; i < 500; i++)
        {
            actor.Tell($"{i}", ActorRefs.NoSender);
        }

        for (var i = 0; i < 500; i++)
        {
            await ExpectAsync($"begins {i}", $"ends {i}");
        }
    }

    [Fact]
    public async Task A_poison_pill_waits_for_the_handler()
    {
        var gate = new TaskCompletionSource();
        var actor = Start(async _ => await gate.Task);
        actor.Tell("first", ActorRefs.NoSender);
        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await ExpectAsync("begins first");

        gate.SetResult();

        await ExpectAsync("ends first");
        await Probe.ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task An_actor_is_stopped_while_it_awaits_what_never_comes()
    {
        var never = new TaskCompletionSource();
        var actor = Start(async _ => await never.Task);
        actor.Tell("first", ActorRefs.NoSender);
        await ExpectAsync("begins first");

        System.Stop(actor);

        await Probe.ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task A_restart_while_a_handler_awaits_ends_with_a_new_instance_that_takes_the_next_message()
    {
        var gate = new TaskCompletionSource();
        var actor = Start(async message => await (message == "first" ? gate.Task : Task.CompletedTask));
        actor.Tell("first", ActorRefs.NoSender);
        actor.Tell("second", ActorRefs.NoSender);
        await ExpectAsync("begins first");

        ((IInternalActorRef)actor).Suspend();
        ((IInternalActorRef)actor).Restart(Failure("asked for"));
        await Probe.FishForMsgAsync<string>(text => text.StartsWith("restarted for asked for", StringComparison.Ordinal));
        gate.SetResult();

        // Whether the new instance waits for what is left of the old handler is the runtime's own affair.
        await Probe.FishForMsgAsync<string>(text => text == "ends first");
        await Probe.FishForMsgAsync<string>(text => text == "begins second");
        await Probe.FishForMsgAsync<string>(text => text == "ends second");
    }

    [Fact]
    public async Task A_supervisor_resumed_while_it_awaits_still_handles_one_message_at_a_time()
    {
        var gate = new TaskCompletionSource();
        var top = StartPuppet(Always(Directive.Resume));
        Func<string, Task> work = async message => await (message == "first" ? gate.Task : Task.CompletedTask);
        var parent = await StartChildAsync(top, Recipe.Of(() => new AwaitingParent(Probe.Ref, work)));
        var child = await Probe.ExpectMsgAsync<IActorRef>();
        parent.Tell("first", ActorRefs.NoSender);
        parent.Tell("second", ActorRefs.NoSender);
        await ExpectAsync("begins first");

        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        child.Tell("resumed with its parent", ActorRefs.NoSender);
        gate.SetResult();

        await Probe.FishForMsgAsync<string>(text => text == "resumed with its parent");
        await ExpectAsync("ends first", "begins second", "ends second");
    }

    [Fact]
    public async Task Two_tasks_of_one_message_are_both_waited_for()
    {
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var actor = System.ActorOf(Props.Create(() => new RunsTwo(Probe.Ref, gates)));
        actor.Tell("first", ActorRefs.NoSender);
        actor.Tell("second", ActorRefs.NoSender);
        await ExpectAsync("begins first");
        gates[1].SetResult();
        await ExpectAsync("1 of first");

        gates[0].SetResult();

        await ExpectAsync("0 of first", "begins second", "0 of second", "1 of second");
    }

    private IActorRef Start(Func<string, Task> work) => System.ActorOf(Props.Create(() => new Awaiting(Probe.Ref, work)));

    private sealed class RunsTwo(IActorRef probe, TaskCompletionSource[] gates) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            probe.Tell($"begins {message}", Self);
            for (var i = 0; i < gates.Length; i++)
            {
                var number = i;
                RunTask(async () =>
                {
                    await gates[number].Task;
                    probe.Tell($"{number} of {message}", Self);
                });
            }
        }
    }

    private sealed class TellsWhoItIs : ReceiveActor
    {
        public TellsWhoItIs() => ReceiveAnyAsync(async _ =>
        {
            await Task.Yield();
            Sender.Tell((Self, Sender, Context.Self));
        });
    }

    private sealed class Doubles : ReceiveActor
    {
        public Doubles() => Receive<int>(number => Sender.Tell(number * 2, Self));
    }
}
