namespace AllInOne.Actors.Tests.Supervision;

/// <summary>Supervisors that cannot do their work.</summary>
public sealed class FailingSupervisorTests : ActorTest
{
    [Fact]
    public async Task A_strategy_that_cannot_be_made_fails_its_supervisor()
    {
        var seen = new TaskCompletionSource<Exception>();
        var top = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        var middle = await StartChildAsync(top, Recipe.Of(() => new HasNoStrategy()));
        var bottom = await StartChildAsync(middle);

        bottom.Tell(new Crash(Failure("the child's")), ActorRefs.NoSender);

        Assert.Equal("no strategy", (await seen.Task.WaitAsync(Patience)).Message);
        await Probe.ExpectTerminatedAsync(bottom);
        await Probe.ExpectTerminatedAsync(middle);
    }

    [Fact]
    public async Task A_supervisor_that_fails_for_each_failure_below_ends_at_its_limit_and_harms_no_neighbour()
    {
        var top = StartPuppet(new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart));
        var neighbour = await StartChildAsync(top);
        Props failing = Recipe.Of(() => new StartsAFailingChild());
        var middle = await StartChildAsync(top, failing);

        await Probe.ExpectTerminatedAsync(middle);
        neighbour.Tell("undisturbed", ActorRefs.NoSender);
        await ExpectAsync("undisturbed");
    }

    [Fact]
    public async Task A_supervisor_that_fails_while_it_decides_about_a_child_leaves_nobody_silent()
    {
        using var gate = new ManualResetEventSlim();
        var top = StartPuppet(Always(Directive.Resume));
        var middle = await StartChildAsync(top);
        var bottom = await StartChildAsync(middle);
        await OccupyAsync(middle, gate);
        middle.Tell(new Crash(Failure("the supervisor's own")), ActorRefs.NoSender);
        bottom.Tell(new Crash(Failure("the child's")), ActorRefs.NoSender);
        bottom.Tell("child", ActorRefs.NoSender);
        middle.Tell("supervisor", ActorRefs.NoSender);

        gate.Set();

        await Probe.FishForMsgAsync<string>(text => text == "child");
        await Probe.FishForMsgAsync<string>(text => text == "supervisor");
    }

    [Fact]
    public async Task A_top_level_actor_that_cannot_start_is_stopped_and_the_system_goes_on()
    {
        var actor = System.ActorOf(Recipe.Of(() => new CannotStart()), "broken");

        await Probe.ExpectTerminatedAsync(actor);
        StartPuppet().Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
        Assert.False(System.WhenTerminated.IsCompleted);
    }

    private sealed class HasNoStrategy : ReceiveActor
    {
        public HasNoStrategy() => Receive<Do>(order => order.Action(Context));

        protected override SupervisorStrategy SupervisorStrategy() => throw Failure("no strategy");
    }

    private sealed class StartsAFailingChild : ReceiveActor
    {
        public StartsAFailingChild() => Context.ActorOf(Recipe.Of(() => new CannotStart()));

        protected override void PreRestart(Exception reason, object? message) => throw Failure("PreRestart");

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => throw Failure("decider"));
    }

    private sealed class CannotStart : ReceiveActor
    {
        public CannotStart() => throw Failure("constructor");
    }
}
