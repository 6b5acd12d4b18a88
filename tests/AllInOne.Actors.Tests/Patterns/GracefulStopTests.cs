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

    [Fact]
    public async Task An_actor_that_is_dead_already_has_stopped()
    {
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));

        Assert.True(await actor.GracefulStop(Patience));
    }
}
