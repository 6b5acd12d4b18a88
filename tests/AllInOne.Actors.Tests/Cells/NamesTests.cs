using Akka.Event;

namespace AllInOne.Actors.Tests.Cells;

public sealed class NamesTests : ActorTest
{
    [Fact]
    public void A_name_is_taken_once()
    {
        StartPuppet(name: "one");

        Assert.Throws<InvalidActorNameException>(() => StartPuppet(name: "one"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$reserved")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a#b")]
    [InlineData("höhe")]
    public void Names_that_a_path_cannot_hold_are_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => StartPuppet(name: name));

    [Theory]
    [InlineData("sensor.kitchen_temperature")]
    [InlineData("A-z0+9:@&=,!~';()*")]
    public void All_other_names_are_taken(string name) => Assert.Equal(name, StartPuppet(name: name).Path.Name);

    [Fact]
    public void Actors_without_a_name_get_one_of_their_own()
    {
        var names = Enumerable.Range(0, 200).Select(_ => StartPuppet().Path.Name).ToList();

        Assert.All(names, name => Assert.StartsWith("$", name, StringComparison.Ordinal));
        Assert.Equal(200, names.Distinct().Count());
    }

    [Fact]
    public async Task A_name_is_free_again_once_the_parent_has_seen_Terminated()
    {
        var parent = System.ActorOf(Props.Create(() => new Replaces(Probe.Ref)));
        parent.Tell("start", ActorRefs.NoSender);
        var first = await Probe.ExpectMsgAsync<IActorRef>();

        first.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        var second = await Probe.ExpectMsgAsync<IActorRef>();
        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_name_stays_taken_while_its_actor_is_stopping()
    {
        using var gate = new ManualResetEventSlim();
        var parent = StartPuppet();
        var child = await StartChildAsync(parent, "child");
        await OccupyAsync(child, gate);

        var failure = await parent.Ask<Exception>(
            new Do(context =>
            {
                context.Stop(child);
                context.Sender.Tell(
                    Assert.Throws<InvalidActorNameException>(() => context.ActorOf(Puppet.Props(Probe.Ref, null), "child")), context.Self);
            }),
            Patience);
        gate.Set();

        Assert.IsType<InvalidActorNameException>(failure);
    }

    [Fact]
    public async Task An_old_reference_does_not_reach_the_new_actor_of_the_name()
    {
        var letters = Listen<DeadLetter>();
        var parent = System.ActorOf(Props.Create(() => new Replaces(Probe.Ref)));
        parent.Tell("start", ActorRefs.NoSender);
        var first = await Probe.ExpectMsgAsync<IActorRef>();
        first.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await Probe.ExpectMsgAsync<IActorRef>();

        first.Tell("to the old one", ActorRefs.NoSender);

        Assert.Equal("to the old one", (await letters.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public void Paths_name_the_whole_way_from_the_top()
    {
        var actor = StartPuppet(name: "feeds");

        Assert.Equal("akka://test/user/feeds", actor.Path.ToString());
        Assert.Equal("/user/feeds", actor.Path.ToStringWithoutAddress());
        Assert.Equal(["user", "feeds"], actor.Path.Elements);
        Assert.Equal("akka://test/user", actor.Path.Parent.ToString());
        Assert.Equal(actor.Path, actor.Path.Parent / "feeds");
    }

    [Fact]
    public void An_actor_is_not_made_by_hand() =>
        Assert.Throws<ActorInitializationException>(() => new Replaces(Probe.Ref));

    private sealed class Replaces(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message) =>
            probe.Tell(Context.Watch(Context.ActorOf(Puppet.Props(probe, null), "child")), Self);
    }
}
