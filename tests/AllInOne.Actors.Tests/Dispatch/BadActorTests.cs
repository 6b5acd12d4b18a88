using System.Runtime.CompilerServices;

namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>If an actor behaves badly, its siblings and their supervisor continue.</summary>
public sealed class BadActorTests : ActorTest
{
    private const int HotLoops = 100;

    [Theory]
    [InlineData("constructor")]
    [InlineData("PreStart")]
    [InlineData("PostStop")]
    [InlineData("PreRestart")]
    [InlineData("PostRestart")]
    [InlineData("everywhere")]
    public async Task An_actor_that_throws_outside_a_message_harms_no_sibling(string where)
    {
        var parent = StartPuppet(new OneForOneStrategy(3, TimeSpan.FromHours(1), _ => Directive.Restart));
        var sibling = await StartChildAsync(parent);
        var bad = await StartChildAsync(parent, Recipe.Of(() => new Throws(where)), "bad");
        bad.Tell(new Crash(Failure()), ActorRefs.NoSender);
        bad.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await WhenGoneAsync(bad);

        await AllAnswerAsync(parent, sibling, await StartChildAsync(parent, "bad"));
    }

    [Fact]
    public async Task A_supervisor_whose_decider_throws_harms_no_sibling()
    {
        var top = StartPuppet(Always(Directive.Stop));
        var sibling = await StartChildAsync(top);
        var bad = await StartChildAsync(top, Puppet.Props(Probe.Ref, new OneForOneStrategy(_ => throw Failure("the decider's"))));
        var below = await StartChildAsync(bad);
        below.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await System.WhenStoppedAsync(bad);
        await System.WhenStoppedAsync(below);

        await AllAnswerAsync(top, sibling);
    }

    [Fact]
    public async Task An_actor_that_recurses_to_the_end_of_its_stack_fails_like_any_other()
    {
        var parent = StartPuppet(Always(Directive.Restart));
        var (sibling, deep) = (await StartChildAsync(parent), await StartChildAsync(parent));
        for (var i = 0; i < 5; i++)
        {
            deep.Tell(new Do(_ => Descend(1)), ActorRefs.NoSender);
        }

        await AllAnswerAsync(parent, sibling, deep);
        var info = System.Inspect(deep.Path.ToStringWithoutAddress())!;
        Assert.Equal(5, info.Restarts);
        Assert.IsType<InsufficientExecutionStackException>(info.LastFailure!.Cause);
    }

    [Fact]
    public async Task Actors_that_restart_without_end_do_not_delay_an_ask_and_can_be_stopped()
    {
        var parent = StartPuppet(Always(Directive.Restart));
        var props = Recipe.Of(() => new FailsForEver());
        for (var i = 0; i < HotLoops; i++)
        {
            await StartChildAsync(parent, props);
        }

        var asked = StartPuppet();
        for (var i = 0; i < 200; i++)
        {
            await SettledAsync(asked);
        }

        var children = System.InspectChildren(parent.Path.ToStringWithoutAddress(), null, HotLoops);
        Assert.Equal(HotLoops, children.Count);
        await Until.TrueAsync(() => System.InspectChildren(parent.Path.ToStringWithoutAddress(), null, HotLoops).All(child => child.Restarts > 0));
        System.Stop(parent);
        await System.WhenStoppedAsync(parent);
    }

    [Fact]
    public async Task Millions_of_messages_to_a_stopped_actor_do_not_delay_other_actors()
    {
        var (stopped, neighbour) = (StartPuppet(), StartPuppet());
        System.Stop(stopped);
        await System.WhenStoppedAsync(stopped);
        var floods = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                stopped.Tell("lost", ActorRefs.NoSender);
            }
        })).ToList();

        do
        {
            await SettledAsync(neighbour);
        }
        while (!floods.TrueForAll(flood => flood.IsCompleted));

        await Task.WhenAll(floods);
    }

    private async Task AllAnswerAsync(params IActorRef[] actors)
    {
        foreach (var actor in actors)
        {
            actor.Tell("alive", ActorRefs.NoSender);
            await ExpectAsync("alive");
            Assert.Equal(actor, Probe.LastSender);
        }
    }

    /// <summary>The frames are large, because an exception that passes very many frames takes seconds.</summary>
    private static int Descend(byte depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Span<byte> frame = stackalloc byte[16 * 1024];
        frame.Fill(depth);
        return Descend(frame[^1]) + frame[0];
    }

    private sealed class Throws : UntypedActor
    {
        private readonly string _where;

        public Throws(string where)
        {
            _where = where;
            At("constructor");
        }

        protected override void OnReceive(object message) => throw ((Crash)message).Cause;

        protected override void PreStart() => At("PreStart");

        protected override void PostStop() => At("PostStop");

        protected override void PreRestart(Exception reason, object? message) => At("PreRestart");

        protected override void PostRestart(Exception reason) => At("PostRestart");

        private void At(string place)
        {
            if (_where == place || _where == "everywhere")
            {
                throw Failure(place);
            }
        }
    }

    private sealed class FailsForEver : UntypedActor
    {
        protected override void PreStart() => Self.Tell("again", Self);

        protected override void OnReceive(object message) => throw Failure();
    }
}
