using Akka.Event;

namespace AllInOne.Actors.Tests.Mailbox;

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
        await System.WhenStoppedAsync(actor);
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

        // System.Stop would ask the guardian, and the gate could open before the guardian stops the actor.
        ((IInternalActorRef)actor).Stop();
        gate.Set();

        await ExpectAsync("ended");
        await System.WhenStoppedAsync(actor);
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
        await System.WhenStoppedAsync(actor);
        await Probe.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task Kill_works_after_what_was_queued_before_it()
    {
        var actor = StartPuppet();
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(Kill.Instance, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);

        await ExpectAsync(1);
        await System.WhenStoppedAsync(actor);
        await Probe.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task Senders_that_never_pause_do_not_keep_a_stopping_actor_alive()
    {
        using var end = new CancellationTokenSource();
        var watcher = System.CreateProbe();
        var slow = System.ActorOf(Props.Create(() => new Ignores()));
        for (var i = 0; i < 6; i++)
        {
            // These subscribers make the delivery of a dead letter slower than the sending of a message.
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
            await System.WhenStoppedAsync(slow, Patience * 3);
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
}
