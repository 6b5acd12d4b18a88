namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>What becomes of messages that reach nobody or are none: more exact than Akka.NET promises.</summary>
public sealed class LostMessageTests : ActorTest
{
    [Fact]
    public async Task Dead_letters_of_one_sender_keep_their_order_while_their_actor_ends()
    {
        var letters = Listen<DeadLetter>();
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet();
        await OccupyAsync(actor, gate);
        System.Stop(actor);
        for (var i = 0; i < 2_000; i++)
        {
            actor.Tell(i, ActorRefs.NoSender);
            if (i == 1_000)
            {
                gate.Set();
            }
        }

        for (var i = 0; i < 2_000; i++)
        {
            Assert.Equal(i, (await letters.ExpectMsgAsync<DeadLetter>()).Message);
        }
    }

    [Fact]
    public async Task A_subscriber_that_has_stopped_causes_no_dead_letters()
    {
        var letters = Listen<DeadLetter>();
        var subscriber = StartPuppet();
        System.EventStream.Subscribe(subscriber, typeof(string));
        System.EventStream.Subscribe(Probe.Ref, typeof(string));
        Assert.True(await subscriber.GracefulStop(Patience));
        System.EventStream.Publish("one");
        System.EventStream.Publish("two");

        await ExpectAsync("one", "two");
        await letters.ExpectNoMsgAsync();
    }

    [Fact]
    public void Null_is_refused_where_it_is_told()
    {
        var actor = StartPuppet();

        Assert.Throws<ArgumentNullException>(() => actor.Tell(null!, ActorRefs.NoSender));
    }

    [Fact]
    public void An_empty_path_is_refused() => Assert.Throws<ArgumentException>(() => System.ActorSelection(""));
}
