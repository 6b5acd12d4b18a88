using Akka.Event;

namespace AllInOne.Actors.Tests.Events;

public sealed class DeadLetterTests : ActorTest
{
    private sealed record Ordinary : IDeadLetterSuppression;

    [Fact]
    public async Task A_message_that_nobody_handles_is_published_as_unhandled()
    {
        var unhandled = Listen<UnhandledMessage>();
        var actor = System.ActorOf(Props.Create(() => new HandlesNothing()));
        Probe.Send(actor, "what is this");

        var message = await unhandled.ExpectMsgAsync<UnhandledMessage>();
        Assert.Equal(("what is this", Probe.Ref, actor), (message.Message, message.Sender, message.Recipient));
    }

    [Fact]
    public async Task A_message_to_a_dead_actor_is_published_with_its_sender_and_receiver()
    {
        var letters = Listen<DeadLetter>();
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));
        Probe.Send(actor, "too late");

        var letter = await letters.ExpectMsgAsync<DeadLetter>();
        Assert.Equal(("too late", Probe.Ref, actor), (letter.Message, letter.Sender, letter.Recipient));
    }

    [Fact]
    public async Task Messages_whose_loss_is_ordinary_are_published_apart()
    {
        var letters = Listen<DeadLetter>();
        var suppressed = Listen<SuppressedDeadLetter>();
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));
        actor.Tell(new Ordinary(), ActorRefs.NoSender);
        actor.Tell("too late", ActorRefs.NoSender);

        Assert.Equal("too late", (await letters.ExpectMsgAsync<DeadLetter>()).Message);
        await suppressed.FishForMsgAsync<SuppressedDeadLetter>(letter => letter.Message is Ordinary);
    }

    [Fact]
    public async Task Who_listens_to_all_dead_letters_gets_both_kinds()
    {
        var all = Listen<AllDeadLetters>();
        System.DeadLetters.Tell(new Ordinary(), ActorRefs.NoSender);
        System.DeadLetters.Tell("told to nobody", ActorRefs.NoSender);

        Assert.IsType<Ordinary>((await all.ExpectMsgAsync<SuppressedDeadLetter>()).Message);
        Assert.Equal("told to nobody", (await all.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task A_listener_that_dies_with_dead_letters_in_its_mailbox_makes_no_more_of_them()
    {
        using var gate = new ManualResetEventSlim();
        var letters = Listen<DeadLetter>();
        var listener = StartPuppet();
        System.EventStream.Subscribe(listener, typeof(DeadLetter));
        await OccupyAsync(listener, gate);
        System.DeadLetters.Tell("once", ActorRefs.NoSender);
        System.Stop(listener);
        gate.Set();

        Assert.Equal("once", (await letters.ExpectMsgAsync<DeadLetter>()).Message);
        await Probe.ExpectTerminatedAsync(listener);
        await letters.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task An_answer_to_nobody_becomes_a_dead_letter()
    {
        var letters = Listen<DeadLetter>();
        var actor = StartPuppet();
        actor.Tell(new Do(context => context.Sender.Tell("answer", context.Self)), ActorRefs.NoSender);

        Assert.Equal("answer", (await letters.ExpectMsgAsync<DeadLetter>()).Message);
    }

    private sealed class HandlesNothing : ReceiveActor;
}
