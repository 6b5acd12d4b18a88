using Akka.Event;

namespace AllInOne.Actors.Tests.Mailbox;

public sealed class StashTests : ActorTest
{
    [Fact]
    public async Task Stashed_messages_are_unstashed_in_their_order_before_the_waiting_messages()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Start();
        await OccupyAsync(actor, gate);
        Tell(actor, 1, 2, "open", 3);
        gate.Set();

        await ExpectAsync(1, 2, 3);
    }

    [Fact]
    public async Task Unstash_returns_one_message_to_the_mailbox()
    {
        var actor = Start();
        Tell(actor, 1, 2, "one", "open");

        // The unstashed message was stashed again, after the other one.
        await ExpectAsync(2, 1);
    }

    [Fact]
    public async Task A_restart_unstashes_all_messages_before_the_waiting_messages()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Start();
        await OccupyAsync(actor, gate);
        Tell(actor, 1, 2, new Crash(Failure()), 3, "open");
        gate.Set();

        await ExpectAsync(1, 2, 3);
    }

    [Fact]
    public async Task Messages_that_are_stashed_when_the_actor_stops_become_dead_letters()
    {
        var letters = Listen<DeadLetter>();
        var actor = Start();
        Tell(actor, 1, 2, PoisonPill.Instance);

        Assert.Equal(1, (await letters.ExpectMsgAsync<DeadLetter>()).Message);
        Assert.Equal(2, (await letters.ExpectMsgAsync<DeadLetter>()).Message);
    }

    private static void Tell(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message, ActorRefs.NoSender);
        }
    }

    private IActorRef Start() => System.ActorOf(Props.Create(() => new Stashing(Probe.Ref)));

    /// <summary>Stashes all numbers until it is opened.</summary>
    private sealed class Stashing : ReceiveActor, IWithUnboundedStash
    {
        private readonly IActorRef _probe;

        public Stashing(IActorRef probe)
        {
            _probe = probe;
            Receive<Do>(order => order.Action(Context));
            Receive<Crash>(Throw);
            Receive<string>(Obey);
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;

        private static void Throw(Crash crash) => throw crash.Cause;

        private void Obey(string order)
        {
            switch (order)
            {
                case "open":
                    Become(Open);
                    Stash.UnstashAll();
                    break;
                case "one":
                    Stash.Unstash();
                    break;
            }
        }

        private void Open() => ReceiveAny(message => _probe.Tell(message, Self));
    }
}
