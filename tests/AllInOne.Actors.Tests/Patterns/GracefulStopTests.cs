namespace AllInOne.Actors.Tests.Patterns;

public sealed class GracefulStopTests : ActorTest
{
    [Fact]
    public async Task It_ends_when_the_actor_has_done_what_was_queued_and_stopped()
    {
        var actor = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        actor.Tell("queued", ActorRefs.NoSender);

        Assert.True(await actor.GracefulStop(Patience));

        await ExpectAsync(new Life("constructor"), new Life("PreStart"), "queued", new Life("PostStop"));
    }

    [Fact]
    public async Task A_stop_message_of_one_s_own_takes_the_place_of_the_poison_pill()
    {
        var actor = StartPuppet();

        Assert.True(await actor.GracefulStop(Patience, new Do(context => context.Stop(context.Self))));
    }

#if !AKKA // Documented there too, but 1.5 completes with false.
    [Fact]
    public async Task An_actor_that_does_not_stop_in_time_cancels_the_task()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet();
        await OccupyAsync(actor, gate);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => actor.GracefulStop(TimeSpan.FromMilliseconds(20)));
        gate.Set();

        await Probe.ExpectTerminatedAsync(actor);
    }
#endif

    [Fact]
    public async Task An_actor_that_is_dead_already_has_stopped()
    {
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));

        Assert.True(await actor.GracefulStop(Patience));
    }
}
