namespace AllInOne.Actors.Tests.TestKit;

public sealed class TestProbeTests : ActorTest
{
    [Fact]
    public async Task Messages_are_kept_in_their_order_with_their_senders()
    {
        var other = TestProbe.Create(System);
        other.Send(Probe.Ref, 1);
        Probe.Ref.Tell("unsigned", ActorRefs.NoSender);

        await Probe.ExpectMsgAsync(1);
        Assert.Equal(other.Ref, Probe.LastSender);
        await Probe.ExpectMsgAsync<string>();
        Assert.Null(Probe.LastSender);
    }

    [Fact]
    public async Task Fishing_leaves_what_it_passes_over()
    {
        Probe.Ref.Tell(1, ActorRefs.NoSender);
        Probe.Ref.Tell("two", ActorRefs.NoSender);
        Probe.Ref.Tell(3, ActorRefs.NoSender);

        Assert.Equal("two", await Probe.FishForMsgAsync<string>());
        Assert.Equal(1, await Probe.ReceiveAsync());
        Assert.Equal(3, await Probe.FishForMsgAsync<int>());
    }

    [Fact]
    public async Task The_end_of_an_actor_is_seen_past_other_messages()
    {
        var other = TestProbe.Create(System);
        Probe.Ref.Tell("before", ActorRefs.NoSender);
        other.Ref.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        Assert.Equal(other.Ref, (await Probe.ExpectTerminatedAsync(other.Ref)).ActorRef);
        await Probe.ExpectMsgAsync("before");
    }

    [Fact]
    public async Task What_does_not_come_fails_the_test()
    {
        await Assert.ThrowsAsync<ProbeException>(() => Probe.ReceiveAsync(TimeSpan.FromMilliseconds(20)));
        Probe.Ref.Tell(1, ActorRefs.NoSender);
        await Assert.ThrowsAsync<ProbeException>(() => Probe.ExpectMsgAsync<string>());
        Probe.Ref.Tell(1, ActorRefs.NoSender);
        await Assert.ThrowsAsync<ProbeException>(() => Probe.ExpectNoMsgAsync());
        await Probe.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(20));
    }
}
