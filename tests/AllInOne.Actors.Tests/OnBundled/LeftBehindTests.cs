namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>Handlers that await for long: here nobody waits for them, where Akka.NET's actors do, or drop their ends.</summary>
public sealed class LeftBehindTests : ActorTest
{
    [Fact]
    public async Task A_new_instance_does_not_wait_for_a_handler_that_its_restart_left_behind()
    {
        var gate = new TaskCompletionSource();
        var actor = Start(async message => await (message == "first" ? gate.Task : Task.CompletedTask));
        actor.Tell("first", ActorRefs.NoSender);
        actor.Tell("second", ActorRefs.NoSender);
        await ExpectAsync("begins first");

        ((IInternalActorRef)actor).Suspend();
        ((IInternalActorRef)actor).Restart(Failure("asked for"));

        await Probe.FishForMsgAsync<string>(text => text.StartsWith("restarted for asked for", StringComparison.Ordinal));
        await ExpectAsync("begins second", "ends second");
        gate.SetResult();
        await ExpectAsync("ends first");
    }

    [Fact]
    public async Task What_is_left_of_a_handler_runs_to_its_end_after_its_actor_has_stopped()
    {
        var gate = new TaskCompletionSource();
        var finished = new TaskCompletionSource();
        var actor = Start(async _ =>
        {
            try
            {
                await gate.Task;
            }
            finally
            {
                finished.SetResult();
            }
        });
        actor.Tell("first", ActorRefs.NoSender);
        await ExpectAsync("begins first");
        System.Stop(actor);
        await Probe.ExpectTerminatedAsync(actor);

        gate.SetResult();

        await finished.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_child_resumed_with_its_parent_does_not_wait_for_the_parent_s_handler()
    {
        var gate = new TaskCompletionSource();
        var top = StartPuppet(Always(Directive.Resume));
        Func<string, Task> work = async _ => await gate.Task;
        var parent = await StartChildAsync(top, Recipe.Of(() => new AwaitingParent(Probe.Ref, work)));
        var child = await Probe.ExpectMsgAsync<IActorRef>();
        parent.Tell("first", ActorRefs.NoSender);
        parent.Tell("second", ActorRefs.NoSender);
        await ExpectAsync("begins first");

        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        child.Tell("resumed with its parent", ActorRefs.NoSender);

        await ExpectAsync("resumed with its parent");
        await Probe.ExpectNoMsgAsync();
        gate.SetResult();
        await ExpectAsync("ends first", "begins second");
    }

    [Fact]
    public async Task Handlers_that_await_without_end_leave_others_their_turn_and_can_be_stopped()
    {
        var go = true;
        var endless = Enumerable.Range(0, 8).Select(_ => Start(async _ =>
        {
            while (Volatile.Read(ref go))
            {
                await Task.Yield();
            }
        })).ToList();
        try
        {
            endless.ForEach(actor => actor.Tell("endless", ActorRefs.NoSender));
            var other = StartPuppet();
            for (var i = 0; i < 100; i++)
            {
                await SettledAsync(other);
            }

            foreach (var actor in endless)
            {
                System.Stop(actor);
                await Probe.ExpectTerminatedAsync(actor);
            }
        }
        finally
        {
            Volatile.Write(ref go, false);
        }
    }

    private IActorRef Start(Func<string, Task> work) => System.ActorOf(Props.Create(() => new Awaiting(Probe.Ref, work)));
}
