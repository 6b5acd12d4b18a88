namespace AllInOne.Actors.Tests.Supervision;

public sealed class EscalationTests : ActorTest
{
    [Fact]
    public async Task An_escalated_failure_is_the_supervisor_s_own_with_the_same_cause()
    {
        var failure = Failure("from below");
        var seen = new TaskCompletionSource<Exception>();
        var top = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        var middle = await StartChildAsync(top, Puppet.Props(Probe.Ref, Always(Directive.Escalate)));
        var bottom = await StartChildAsync(middle);

        bottom.Tell(new Crash(failure), ActorRefs.NoSender);

        Assert.Same(failure, await seen.Task.WaitAsync(Patience));
        await Probe.ExpectTerminatedAsync(bottom);
        await Probe.ExpectTerminatedAsync(middle);
    }

    [Fact]
    public async Task A_supervisor_restarted_for_its_child_stops_the_child_by_default()
    {
        var top = StartPuppet(Always(Directive.Restart));
        var middle = await StartChildAsync(top, Puppet.Props(Probe.Ref, Always(Directive.Escalate)));
        var bottom = await StartChildAsync(middle);

        bottom.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(bottom);
        middle.Tell("restarted", ActorRefs.NoSender);
        await ExpectAsync("restarted");
    }

    [Fact]
    public async Task A_supervisor_restarted_for_a_child_that_it_keeps_restarts_the_child_with_its_mailbox()
    {
        var top = StartPuppet(Always(Directive.Restart));
        var middle = await StartChildAsync(top, KeepingPuppet.Props(Probe.Ref, Always(Directive.Escalate)));
        var failing = await StartChildAsync(middle);
        var sibling = await StartChildAsync(middle, TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));

        failing.Tell(new Crash(Failure("why")), ActorRefs.NoSender);
        await ExpectAsync(
            new Life("PreRestart"), new Life("PostStop"), new Life("constructor"), new Life("PostRestart", "why"), new Life("PreStart"));
        failing.Tell("first", ActorRefs.NoSender);
        await ExpectAsync("first");
        sibling.Tell("second", ActorRefs.NoSender);
        await ExpectAsync("second");
    }

    [Fact]
    public async Task Resuming_a_supervisor_resumes_the_child_whose_failure_it_made_its_own()
    {
        var top = StartPuppet(Always(Directive.Resume));
        var middle = await StartChildAsync(top, Puppet.Props(Probe.Ref, Always(Directive.Escalate)));
        var failing = await StartChildAsync(middle);
        var sibling = await StartChildAsync(middle);

        failing.Tell(new Crash(Failure()), ActorRefs.NoSender);
        failing.Tell(1, ActorRefs.NoSender);
        await ExpectAsync(1);
        sibling.Tell(2, ActorRefs.NoSender);
        await ExpectAsync(2);
        middle.Tell(3, ActorRefs.NoSender);
        await ExpectAsync(3);

        // The failure is over for good: the next one is dealt with like the first.
        failing.Tell(new Crash(Failure()), ActorRefs.NoSender);
        failing.Tell(4, ActorRefs.NoSender);
        await ExpectAsync(4);
    }

    [Fact]
    public async Task While_a_supervisor_has_failed_its_children_handle_nothing()
    {
        using var gate = new ManualResetEventSlim();
        using var deciding = new ManualResetEventSlim();
        var top = StartPuppet(new OneForOneStrategy(_ =>
        {
            deciding.Set();
            gate.Wait(Patience);
            return Directive.Resume;
        }));
        var middle = await StartChildAsync(top);
        var child = await StartChildAsync(middle);
        middle.Tell(new Crash(Failure()), ActorRefs.NoSender);
        Assert.True(deciding.Wait(Patience));
        child.Tell("later", ActorRefs.NoSender);
        await Probe.ExpectNoMsgAsync();

        gate.Set();

        await ExpectAsync("later");
    }

    [Fact]
    public async Task A_decider_that_throws_fails_its_supervisor()
    {
        var seen = new TaskCompletionSource<Exception>();
        var top = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        var broken = Failure("the decider's own");
        var middle = await StartChildAsync(top, Puppet.Props(Probe.Ref, new OneForOneStrategy(_ => throw broken)));
        var bottom = await StartChildAsync(middle);

        bottom.Tell(new Crash(Failure()), ActorRefs.NoSender);

        Assert.Same(broken, await seen.Task.WaitAsync(Patience));
        await Probe.ExpectTerminatedAsync(middle);
    }

    [Fact]
    public async Task Two_children_whose_failures_both_escalate_are_both_dealt_with()
    {
        using var gate = new ManualResetEventSlim();
        var top = StartPuppet(new OneForOneStrategy(_ =>
        {
            gate.Wait(Patience);
            return Directive.Resume;
        }));
        var middle = await StartChildAsync(top, Puppet.Props(Probe.Ref, Always(Directive.Escalate)));
        var one = await StartChildAsync(middle);
        var two = await StartChildAsync(middle);
        await Task.WhenAll(SettledAsync(one), SettledAsync(two));

        one.Tell(new Crash(Failure("one")), ActorRefs.NoSender);
        two.Tell(new Crash(Failure("two")), ActorRefs.NoSender);
        one.Tell(1, ActorRefs.NoSender);
        two.Tell(2, ActorRefs.NoSender);
        gate.Set();

        await Probe.FishForMsgAsync<int>(number => number == 1);
        await Probe.FishForMsgAsync<int>(number => number == 2);
    }

    [Fact]
    public async Task A_top_level_actor_is_restarted_by_the_guardian()
    {
        var actor = StartPuppet();
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        actor.Tell("alive", ActorRefs.NoSender);

        await ExpectAsync("alive");
        Assert.False(System.WhenTerminated.IsCompleted);
    }
}
