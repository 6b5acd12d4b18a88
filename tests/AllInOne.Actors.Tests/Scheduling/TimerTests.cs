using Akka.Event;

namespace AllInOne.Actors.Tests.Scheduling;

public sealed class TimerTests : ActorTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_single_timer_sends_its_message_once()
    {
        var actor = Start();
        await DoAsync(actor, timers => timers.StartSingleTimer("key", "tick", Short));

        await ExpectAsync("tick");
        await Probe.ExpectNoMsgAsync(Silence);
        await DoAsync(actor, timers => Assert.False(timers.IsTimerActive("key")));
    }

    [Fact]
    public async Task A_periodic_timer_sends_its_message_until_it_is_cancelled()
    {
        var actor = Start();
        await DoAsync(actor, timers => timers.StartPeriodicTimer("key", "tick", Short));
        await ExpectAsync("tick", "tick", "tick");

        await DoAsync(actor, timers =>
        {
            Assert.True(timers.IsTimerActive("key"));
            timers.Cancel("key");
            Assert.False(timers.IsTimerActive("key"));
        });
        Probe.Ref.Tell("cancelled", ActorRefs.NoSender);
        await Probe.FishForMessageAsync<string>(text => text == "cancelled");
        await Probe.ExpectNoMsgAsync(Short * 3);
    }

    [Fact]
    public async Task A_periodic_timer_may_begin_later_or_sooner()
    {
        var actor = Start();
        await DoAsync(actor, timers => timers.StartPeriodicTimer("key", "tick", Short, Long));

        await ExpectAsync("tick");
        await Probe.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task Starting_a_key_again_replaces_its_timer()
    {
        var actor = Start();
        await DoAsync(actor, timers =>
        {
            timers.StartSingleTimer("key", "old", Short);
            timers.StartSingleTimer("key", "new", Short);
            timers.StartSingleTimer("other", "other", Short * 2);
        });

        await ExpectAsync("new", "other");
    }

    [Fact]
    public async Task The_message_of_a_cancelled_timer_is_dropped_although_it_waits_in_the_mailbox()
    {
        var actor = Start();
        await DoAsync(actor, timers =>
        {
            timers.StartSingleTimer("cancelled", "stale", Short);
            timers.StartSingleTimer("replaced", "stale", Short);
            Task.Delay(Short * 3).Wait(Patience);
            timers.Cancel("cancelled");
            timers.StartSingleTimer("replaced", "fresh", Short);
        });

        await ExpectAsync("fresh");
    }

    [Fact]
    public async Task All_timers_end_with_a_restart()
    {
        var actor = Start();
        await DoAsync(actor, timers => timers.StartPeriodicTimer("key", "tick", Short));
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await SettledAsync(actor);
        Probe.Ref.Tell("restarted", ActorRefs.NoSender);
        await Probe.FishForMessageAsync<string>(text => text == "restarted");
        await Probe.ExpectNoMsgAsync(Short * 3);

        await DoAsync(actor, timers =>
        {
            Assert.False(timers.IsTimerActive("key"));
            timers.StartSingleTimer("key", "of the new instance", Short);
        });

        await ExpectAsync("of the new instance");
    }

    [Fact]
    public async Task A_timer_of_PreStart_starts_again_with_each_instance()
    {
        var actor = System.ActorOf(Props.Create(() => new StartsWithTimer(Probe.Ref)));
        await ExpectAsync("from PreStart");

        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await SettledAsync(actor);

        await ExpectAsync("from PreStart");
    }

    [Fact]
    public async Task All_timers_end_with_their_actor()
    {
        var letters = Listen<DeadLetter>();
        var actor = Start();
        await DoAsync(actor, timers => timers.StartPeriodicTimer("key", "tick", Short));
        Assert.True(await actor.GracefulStop(Patience));

        // A tick that is already in the mailbox becomes a dead letter.
        letters.Ref.Tell("stopped", ActorRefs.NoSender);
        await letters.FishForMessageAsync<object>(message => message is "stopped");
        await letters.ExpectNoMsgAsync(Short * 3);
    }

    [Fact]
    public async Task All_timers_can_be_cancelled_at_once()
    {
        var actor = Start();
        await DoAsync(actor, timers =>
        {
            timers.StartSingleTimer(1, "one", Short);
            timers.StartSingleTimer(2, "two", Short);
            timers.CancelAll();
        });
        await Probe.ExpectNoMsgAsync(Short * 2);
    }

    [Fact]
    public async Task Timers_may_be_started_before_the_first_message()
    {
        System.ActorOf(Props.Create(() => new StartsWithTimer(Probe.Ref)));

        await ExpectAsync("from PreStart");
    }

    [Fact]
    public async Task The_message_of_a_timer_can_be_stashed()
    {
        var actor = System.ActorOf(Props.Create(() => new StashesOnce(Probe.Ref)));
        await ExpectAsync("stashed");
        actor.Tell("open", ActorRefs.NoSender);

        await ExpectAsync("tick");
    }

    private IActorRef Start() => System.ActorOf(Props.Create(() => new Timed(Probe.Ref)));

    private static async Task DoAsync(IActorRef actor, Action<ITimerScheduler> action) =>
        Assert.Null((await actor.Ask<Timed.Outcome>(new Timed.Use(action), Patience)).Failure);

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef probe)
        {
            Receive<Use>(use => Sender.Tell(new Outcome(Record.Exception(() => use.Action(Timers))), Self));
            Receive<Crash>(Throw);
            ReceiveAny(message => probe.Tell(message, Self));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        private static void Throw(Crash crash) => throw crash.Cause;

        public sealed record Use(Action<ITimerScheduler> Action);

        public sealed record Outcome(Exception? Failure);
    }

    private sealed class StashesOnce(IActorRef probe) : UntypedActor, IWithTimers, IWithUnboundedStash
    {
        private bool _open;

        public ITimerScheduler Timers { get; set; } = null!;

        public IStash Stash { get; set; } = null!;

        protected override void PreStart() => Timers.StartSingleTimer("key", "tick", Short);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case var _ when _open:
                    probe.Tell(message, Self);
                    break;
                default:
                    Stash.Stash();
                    probe.Tell("stashed", Self);
                    break;
            }
        }
    }

    private sealed class StartsWithTimer(IActorRef probe) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartSingleTimer("key", "from PreStart", Short);

        protected override void OnReceive(object message) => probe.Tell(message is Crash crash ? throw crash.Cause : message, Self);
    }
}
