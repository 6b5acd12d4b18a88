namespace AllInOne.Actors.Tests.Mailbox;

/// <summary>Completed messages, stopped actors and old instances are not kept in memory, even if there were very many of them.</summary>
public sealed class ForgettingTests : ActorTest
{
    private readonly Forgotten _past = new();

    [Fact]
    public async Task Millions_of_messages_to_a_dead_actor_are_not_kept()
    {
        var dead = StartPuppet();
        Assert.True(await dead.GracefulStop(Patience));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Flood(dead, 1_000_000))));

        await _past.ExpectAllAsync(spared: 2);
        StartPuppet().Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }

    [Fact]
    public async Task Actors_that_have_stopped_are_not_kept()
    {
        var parent = StartPuppet();
        await StartAndStopAsync(parent, 1_000);

        Assert.Equal(2 * 1_000, _past.Count);
        await _past.ExpectAllAsync(spared: 2);
        Assert.Empty(await parent.Ask<IActorRef[]>(new Do(c => c.Sender.Tell(c.GetChildren().ToArray(), c.Self)), Patience));
    }

    [Fact]
    public async Task Instances_are_not_kept_after_their_restart()
    {
        var actor = System.ActorOf(Props.Create(() => new Remembered(_past)));
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        }

        await SettledAsync(actor);
        Assert.Equal(101, _past.Count);
        await _past.ExpectAllAsync(spared: 2);
    }

    [Fact]
    public async Task An_actor_that_has_stopped_is_not_kept_by_the_actor_that_it_watched()
    {
        var watched = StartPuppet();
        await StartAndStopAsync(StartPuppet(), 100, new Do(context => context.Watch(watched)));

        await _past.ExpectAllAsync(spared: 2);
        await SettledAsync(watched);
    }

    private void Flood(IActorRef dead, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            var message = new object();
            if (i % 1_000 == 0)
            {
                _past.Add(message);
            }

            dead.Tell(message, ActorRefs.NoSender);
        }
    }

    private async Task StartAndStopAsync(IActorRef parent, int count, Do? order = null)
    {
        var props = Recipe.Of(() => new Remembered(_past));
        for (var i = 0; i < count; i++)
        {
            var child = await StartChildAsync(parent, props);
            _past.Add(child);
            child.Tell(order ?? new Do(_ => { }), ActorRefs.NoSender);
            Assert.True(await child.GracefulStop(Patience));
        }
    }

    private sealed class Remembered : ReceiveActor
    {
        public Remembered(Forgotten past)
        {
            past.Add(this);
            Receive<Crash>(Throw);
            Receive<Do>(order => order.Action(Context));
        }

        private static void Throw(Crash crash) => throw crash.Cause;
    }
}
