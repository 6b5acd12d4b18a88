using Akka.Event;

namespace AllInOne.Actors.Tests.Supervision;

public sealed class DirectiveTests : ActorTest
{
    [Fact]
    public async Task Resume_keeps_the_instance_and_drops_the_message_in_hand()
    {
        var parent = StartPuppet(Always(Directive.Resume));
        var child = await StartChildAsync(parent, TalkingPuppet.Props(Probe.Ref, null));
        child.Tell(new Do(context => context.Become(Repeat)), ActorRefs.NoSender);
        child.Tell("fails", ActorRefs.NoSender);
        child.Tell("goes on", ActorRefs.NoSender);

        await ExpectAsync(new Life("constructor"), new Life("PreStart"), "goes on, as before");

        bool Repeat(object message)
        {
            Probe.Ref.Tell(message.Equals("fails") ? throw Failure() : $"{message}, as before", ActorRefs.NoSender);
            return true;
        }
    }

    [Fact]
    public async Task Stop_ends_the_child_and_makes_its_queue_dead_letters()
    {
        var letters = Listen<DeadLetter>();
        var parent = StartPuppet(Always(Directive.Stop));
        var child = await StartChildAsync(parent, TalkingPuppet.Props(Probe.Ref, null));
        using var gate = new ManualResetEventSlim();
        await OccupyAsync(child, gate);
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        child.Tell("too late", ActorRefs.NoSender);
        gate.Set();

        await ExpectAsync(new Life("constructor"), new Life("PreStart"), new Life("PostStop"));
        await Probe.ExpectTerminatedAsync(child);
        Assert.Equal("too late", (await letters.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task The_decider_gets_each_failure_as_it_was_thrown()
    {
        var failure = Failure("mine");
        var seen = new TaskCompletionSource<Exception>();
        var parent = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        (await StartChildAsync(parent)).Tell(new Crash(failure), ActorRefs.NoSender);

        Assert.Same(failure, await seen.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_decider_sees_the_failed_child_as_the_sender()
    {
        var parent = System.ActorOf(Props.Create(() => new TellsWhoFailed(Probe.Ref)));
        parent.Tell("start", ActorRefs.NoSender);
        var child = await Probe.ExpectMsgAsync<IActorRef>();

        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectMsgAsync<IActorRef>(child);
    }

    [Theory]
    [InlineData(typeof(ArgumentNullException), Directive.Resume)]
    [InlineData(typeof(ArgumentException), Directive.Stop)]
    [InlineData(typeof(ArgumentOutOfRangeException), Directive.Stop)]
    [InlineData(typeof(InvalidOperationException), Directive.Escalate)]
    public void A_decider_of_types_takes_the_first_that_fits(Type failure, Directive expected)
    {
        var decider = Decider.From(
            Directive.Escalate,
            new KeyValuePair<Type, Directive>(typeof(ArgumentNullException), Directive.Resume),
            new KeyValuePair<Type, Directive>(typeof(ArgumentException), Directive.Stop),
            new KeyValuePair<Type, Directive>(typeof(ArgumentOutOfRangeException), Directive.Restart));

        Assert.Equal(expected, decider.Decide((Exception)Activator.CreateInstance(failure)!));
    }

    [Fact]
    public void By_default_failed_starts_and_kills_stop_and_all_else_restarts()
    {
        var decider = SupervisorStrategy.DefaultDecider;

        Assert.Equal(Directive.Restart, decider.Decide(Failure()));
        Assert.Equal(Directive.Stop, decider.Decide(new ActorInitializationException(null, "no start", Failure())));
        Assert.Equal(Directive.Stop, decider.Decide(new ActorKilledException("killed")));
    }

    [Fact]
    public async Task The_strategy_of_the_props_goes_before_the_actor_s_own()
    {
        var parent = System.ActorOf(Puppet.Props(Probe.Ref, Always(Directive.Restart)).WithSupervisorStrategy(Always(Directive.Stop)));
        var child = await StartChildAsync(parent);

        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task Siblings_do_not_notice()
    {
        var parent = StartPuppet(Always(Directive.Restart));
        var sibling = await StartChildAsync(parent, TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        var failing = await StartChildAsync(parent);

        failing.Tell(new Crash(Failure()), ActorRefs.NoSender);
        failing.Tell("again", ActorRefs.NoSender);
        await ExpectAsync("again");
        sibling.Tell("undisturbed", ActorRefs.NoSender);

        await ExpectAsync("undisturbed");
    }

    [Fact]
    public async Task A_failure_is_published_as_an_error_with_its_cause()
    {
        var errors = Listen<Error>();
        var actor = StartPuppet(name: "failing");
        var failure = Failure("seen by who listens");

        actor.Tell(new Crash(failure), ActorRefs.NoSender);

        var error = await errors.FishForMsgAsync<Error>(one => one.Cause == failure);
        Assert.Equal("akka://test/user/failing", error.LogSource);
    }

    private sealed class TellsWhoFailed : UntypedActor
    {
        private readonly IActorRef _probe;

        public TellsWhoFailed(IActorRef probe) => _probe = probe;

        protected override void OnReceive(object message) => _probe.Tell(Context.ActorOf(Puppet.Props(_probe, null)), Self);

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            _probe.Tell(Sender, Self);
            return Directive.Stop;
        });
    }
}
