using Akka.Configuration;
using Akka.Event;

namespace AllInOne.Actors.Tests;

public sealed class ChildTableTests : ActorTest
{
    [Fact]
    public void A_name_is_taken_once()
    {
        StartPuppet(name: "one");

        Assert.Throws<InvalidActorNameException>(() => StartPuppet(name: "one"));
    }

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
    public async Task The_name_of_a_child_that_could_not_be_made_is_free()
    {
        var parent = StartPuppet();
        var refusal = await parent.Ask<Exception>(
            new Do(context => context.Sender.Tell(
                Record.Exception(() => context.ActorOf(Puppet.Props(Probe.Ref, null).WithDispatcher("nowhere"), "child")), context.Self)),
            Patience);
        Assert.IsType<ConfigurationException>(refusal);

        Assert.Equal("child", (await StartChildAsync(parent, "child")).Path.Name);
        Assert.Equal(1, System.Inspect(parent.Path.ToStringWithoutAddress())!.Children);
    }

    [Fact]
    public async Task After_the_stop_of_one_child_the_others_remain_and_new_ones_can_start()
    {
        var parent = StartPuppet();
        var children = await StartManyAsync(parent, 100);
        System.Stop(children[50]);
        await System.WhenStoppedAsync(children[50]);
        children[50] = await StartChildAsync(parent, "fresh");

        var there = await parent.Ask<IActorRef[]>(new Do(context => context.Sender.Tell(context.GetChildren().ToArray(), context.Self)), Patience);
        Assert.Equal(children.ToHashSet(), [.. there]);
    }

    [Fact]
    public async Task Ten_thousand_children_are_all_found_and_all_stop_before_their_parent()
    {
        const int Children = 10_000;
        var stopped = 0;
        Action stop = () => Interlocked.Increment(ref stopped);
        var parent = StartPuppet(name: "parent");
        var props = Recipe.Of(() => new CountsItsEnd(stop));
        await parent.Ask<string>(
            new Do(context =>
            {
                for (var i = 0; i < Children; i++)
                {
                    context.ActorOf(props, $"{i}");
                }

                context.Sender.Tell("started", context.Self);
            }),
            Patience);
        Assert.Equal(Children, System.Inspect("/user/parent")!.Children);
        Assert.NotNull(System.Inspect($"/user/parent/{Children - 1}"));

        System.Stop(parent);
        await System.WhenStoppedAsync(parent);
        Assert.Equal(Children, stopped);
    }

    private async Task<List<IActorRef>> StartManyAsync(IActorRef parent, int count)
    {
        var children = new List<IActorRef>();
        for (var i = 0; i < count; i++)
        {
            children.Add(await StartChildAsync(parent));
        }

        return children;
    }

    private sealed class CountsItsEnd(Action stop) : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => stop();
    }

    private sealed class Replaces(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message) =>
            probe.Tell(Context.Watch(Context.ActorOf(Puppet.Props(probe, null), "child")), Self);
    }
}
