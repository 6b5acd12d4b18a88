namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>The part of a handler after an await also runs on the threads of the actors, and may get stuck there.</summary>
public sealed class StuckAfterAwaitTests : RunawayTest
{
    [Fact]
    public async Task A_stop_abandons_an_actor_that_is_stuck_after_an_await()
    {
        var actor = await StuckAsync();
        System.Stop(actor);

        await System.WhenStoppedAsync(actor);
    }

    [Fact]
    public async Task A_restart_keeps_the_mailbox_and_the_old_handler_has_no_effect()
    {
        var actor = await StuckAsync();
        actor.Tell("next", ActorRefs.NoSender);
        Restart(actor);
        await ExpectAsync("begins next", "ends next");

        LetGo();
        await NobodyIsHeldUpAsync();
        actor.Tell("last", ActorRefs.NoSender);
        await ExpectAsync("begins last", "ends last");
    }

    [Fact]
    public async Task The_name_of_the_stopped_actor_is_free()
    {
        var actor = await StuckAsync("stuck");
        System.Stop(actor);
        await WhenGoneAsync(actor);

        StartPuppet(name: "stuck").Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }

    private async Task<IActorRef> StuckAsync(string? name = null)
    {
        var inPlace = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<string, Task> work = async message =>
        {
            await Task.Yield();
            if (message == "stuck")
            {
                inPlace.SetResult();
                Spin();
            }
        };
        var actor = System.ActorOf(Recipe.Of(() => new Awaiting(Probe.Ref, work)), name);
        actor.Tell("stuck", ActorRefs.NoSender);
        await inPlace.Task.WaitAsync(Patience);
        await ExpectAsync("begins stuck");
        return actor;
    }
}
