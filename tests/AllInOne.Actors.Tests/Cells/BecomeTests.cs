namespace AllInOne.Actors.Tests.Cells;

public sealed class BecomeTests : ActorTest
{
    [Fact]
    public async Task Become_replaces_the_behaviour()
    {
        var actor = StartPuppet();
        actor.Tell(new Do(context => context.Become(Say("first"))), ActorRefs.NoSender);
        actor.Tell(1, ActorRefs.NoSender);

        await ExpectAsync("first 1");
    }

    [Fact]
    public async Task Stacked_behaviours_come_back_in_reverse()
    {
        var actor = System.ActorOf(Props.Create(() => new Layered(Probe.Ref)));
        foreach (var message in new[] { "m", "up", "m", "up", "m", "down", "m", "down", "m" })
        {
            actor.Tell(message, ActorRefs.NoSender);
        }

        await ExpectAsync("0: m", "1: m", "2: m", "1: m", "0: m");
    }

    [Fact]
    public async Task Unbecome_at_the_bottom_stays_at_the_bottom()
    {
        var actor = System.ActorOf(Props.Create(() => new Layered(Probe.Ref)));
        actor.Tell("down", ActorRefs.NoSender);
        actor.Tell("m", ActorRefs.NoSender);

        await ExpectAsync("0: m");
    }

    [Fact]
    public async Task An_actor_may_become_something_in_its_constructor()
    {
        var actor = System.ActorOf(Props.Create(() => new BecomesAtOnce(Probe.Ref)));
        actor.Tell(1, ActorRefs.NoSender);

        await ExpectAsync("ready 1");
    }

    [Fact]
    public async Task An_untyped_actor_can_become_too()
    {
        var actor = System.ActorOf(Props.Create(() => new Flips(Probe.Ref)));
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);
        actor.Tell(3, ActorRefs.NoSender);

        await ExpectAsync("here 1", "there 2", "here 3");
    }

    [Fact]
    public async Task The_first_handler_that_fits_takes_the_message()
    {
        var actor = System.ActorOf(Props.Create(() => new Sorts(Probe.Ref)));
        foreach (var message in new object[] { 5, 50, "text", 1.5, 'c' })
        {
            actor.Tell(message, ActorRefs.NoSender);
        }

        await ExpectAsync("small 5", "large 50", "text text", "declined 1.5", "any c");
    }

    [Theory]
    [InlineData("any", false)]
    [InlineData("any, awaiting", false)]
    [InlineData("object", false)]
    [InlineData("some objects", true)]
    [InlineData("objects it may decline", true)]
    public async Task Nothing_can_be_declared_behind_what_takes_all(string first, bool allowed)
    {
        System.ActorOf(Props.Create(() => new DeclaresTwo(Probe.Ref, first)));

        await ExpectAsync(allowed);
    }

    [Fact]
    public async Task Each_behaviour_may_take_all_for_itself()
    {
        var actor = System.ActorOf(Props.Create(() => new Layered(Probe.Ref)));
        foreach (var message in new[] { "up", "up", "m" })
        {
            actor.Tell(message, ActorRefs.NoSender);
        }

        await ExpectAsync("2: m");
    }

    [Fact]
    public async Task Handlers_are_declared_in_the_constructor_or_for_a_behaviour()
    {
        var actor = System.ActorOf(Props.Create(() => new DeclaresLate(Probe.Ref)));
        actor.Tell(1, ActorRefs.NoSender);

        await ExpectAsync("refused");
    }

    private Receive Say(string name) => message =>
    {
        Probe.Ref.Tell($"{name} {message}", ActorRefs.NoSender);
        return true;
    };

    private sealed class Layered : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Layered(IActorRef probe)
        {
            _probe = probe;
            Layer(0);
        }

        private void Layer(int number)
        {
            Receive<string>(text => text == "up", _ => BecomeStacked(() => Layer(number + 1)));
            Receive<string>(text => text == "down", _ => UnbecomeStacked());
            ReceiveAny(message => _probe.Tell($"{number}: {message}", Self));
        }
    }

    private sealed class DeclaresTwo : ReceiveActor
    {
        public DeclaresTwo(IActorRef probe, string first)
        {
            switch (first)
            {
                case "any":
                    ReceiveAny(_ => { });
                    break;
                case "any, awaiting":
                    ReceiveAnyAsync(_ => Task.CompletedTask);
                    break;
                case "object":
                    Receive<object>(_ => { });
                    break;
                case "some objects":
                    Receive<object>(_ => { }, one => one is int);
                    break;
                default:
                    Receive<object>(_ => false);
                    break;
            }

            var refusal = Record.Exception(() => Receive<string>(_ => { }));
            probe.Tell(refusal is null || (refusal is InvalidOperationException ? false : throw refusal), Self);
        }
    }

    private sealed class DeclaresLate : ReceiveActor
    {
        public DeclaresLate(IActorRef probe) => Receive<int>(_ =>
            probe.Tell(Record.Exception(() => Receive<string>(_ => { })) is InvalidOperationException ? "refused" : "declared", Self));
    }

    private sealed class BecomesAtOnce : ReceiveActor
    {
        public BecomesAtOnce(IActorRef probe) => Become(() => Receive<int>(number => probe.Tell($"ready {number}", Self)));
    }

    private sealed class Flips(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            probe.Tell($"here {message}", Self);
            BecomeStacked(There);
        }

        private void There(object message)
        {
            probe.Tell($"there {message}", Self);
            UnbecomeStacked();
        }
    }

    private sealed class Sorts : ReceiveActor
    {
        public Sorts(IActorRef probe)
        {
            Receive<int>(number => probe.Tell($"small {number}", Self), number => number < 10);
            Receive<int>(number => number < 100, number => probe.Tell($"large {number}", Self));
            Receive<string>(text => probe.Tell($"text {text}", Self));
            Receive<double>(number =>
            {
                probe.Tell($"declined {FormattableString.Invariant($"{number}")}", Self);
                return true;
            });
            ReceiveAny(message => probe.Tell($"any {message}", Self));
        }
    }
}
