namespace AllInOne.Actors.Tests.Mailbox;

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
        await Probe.ExpectNoMsgAsync(Silence);

        gate.SetResult();

        await ExpectAsync("ends first", "begins second", "ends second");
    }

    [Fact]
    public async Task Many_awaits_in_one_handler_all_continue()
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
    public async Task Messages_that_wait_for_a_handler_keep_their_order()
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
        await System.WhenStoppedAsync(actor);
    }

    [Fact]
    public async Task An_actor_that_awaits_a_task_that_never_completes_can_be_stopped()
    {
        var never = new TaskCompletionSource();
        var actor = Start(async _ => await never.Task);
        actor.Tell("first", ActorRefs.NoSender);
        await ExpectAsync("begins first");

        System.Stop(actor);

        await System.WhenStoppedAsync(actor);
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
        await Probe.FishForMessageAsync<string>(text => text.StartsWith("restarted for asked for", StringComparison.Ordinal));
        gate.SetResult();

        // The test does not check whether the new instance waits for the rest of the old handler: that depends on Akka.NET.
        await Probe.FishForMessageAsync<string>(text => text == "ends first");
        await Probe.FishForMessageAsync<string>(text => text == "begins second");
        await Probe.FishForMessageAsync<string>(text => text == "ends second");
    }

    private IActorRef Start(Func<string, Task> work) => System.ActorOf(Props.Create(() => new Awaiting(Probe.Ref, work)));
}
