namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>Each watcher of a stuck actor gets one Terminated, no matter when its watch began.</summary>
public sealed class WatchedWhileStuckTests : RunawayTest
{
    [Fact]
    public async Task Watchers_from_before_and_after_the_stop_and_after_the_end_are_all_notified()
    {
        var (before, between, after) = (System.CreateProbe(), System.CreateProbe(), System.CreateProbe());
        var stuck = StartPuppet();
        await before.WatchAsync(stuck);
        await HoldUpAsync(stuck, Spin);
        System.Stop(stuck);
        await between.WatchAsync(stuck);

        await before.ExpectTerminatedAsync(stuck);
        await between.ExpectTerminatedAsync(stuck);
        await after.WatchAsync(stuck);
        await after.ExpectTerminatedAsync(stuck);

        LetGo();
        await NobodyIsHeldUpAsync();
        await before.ExpectNoMsgAsync(Silence);
        await between.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task A_restart_sends_no_Terminated_and_keeps_the_watch()
    {
        var stuck = StartPuppet();
        await Probe.WatchAsync(stuck);
        await HoldUpAsync(stuck, Spin);
        stuck.Tell("queued", ActorRefs.NoSender);
        Restart(stuck);
        await ExpectAsync("queued");

        System.Stop(stuck);
        await Probe.ExpectTerminatedAsync(stuck);
    }

    [Fact]
    public async Task The_next_instance_of_a_stuck_actor_gets_Terminated_of_the_actors_that_it_watched()
    {
        var watched = StartPuppet();
        var notified = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = System.ActorOf(Recipe.Of(() => new Watching(watched, notified)));
        await SettledAsync(stuck);
        await HoldUpAsync(stuck, Spin);
        Restart(stuck);
        await SettledAsync(stuck);

        System.Stop(watched);
        Assert.Equal(watched, await notified.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task Thousands_of_watchers_are_notified()
    {
        const int Watchers = 5_000;
        using var left = new CountdownEvent(Watchers);
        using var watching = new CountdownEvent(Watchers);
        var stuck = StartPuppet();
        var props = Recipe.Of(() => new CountsDown(stuck, watching, left));
        for (var i = 0; i < Watchers; i++)
        {
            System.ActorOf(props);
        }

        Assert.True(await Task.Run(() => watching.Wait(Patience * 2)), $"{watching.CurrentCount} do not watch yet");
        await HoldUpAsync(stuck, Spin);
        System.Stop(stuck);

        Assert.True(await Task.Run(() => left.Wait(Patience * 2)), $"{left.CurrentCount} watchers were not notified");
    }

    private sealed class Watching : ReceiveActor
    {
        public Watching(IActorRef watched, TaskCompletionSource<IActorRef> notified)
        {
            Context.Watch(watched);
            Receive<Do>(order => order.Action(Context));
            Receive<Terminated>(terminated => notified.TrySetResult(terminated.ActorRef));
        }
    }

    private sealed class CountsDown : ReceiveActor
    {
        public CountsDown(IActorRef watched, CountdownEvent watching, CountdownEvent left)
        {
            Context.Watch(watched);
            watching.Signal();
            Receive<Terminated>(_ => left.Signal());
        }
    }
}
