namespace AllInOne.Actors.Tests.Workers;

/// <summary>A message that does not end blocks only its own actor.</summary>
public sealed class FairnessTests : RunawayTest
{
    [Fact]
    public async Task More_endless_loops_than_workers_do_not_stop_other_actors()
    {
        var loops = Enumerable.Range(0, 8).Select(_ => StartPuppet()).ToList();
        await Task.WhenAll(loops.Select(loop => HoldUpAsync(loop, Spin)));

        for (var i = 0; i < 100; i++)
        {
            await SettledAsync(StartPuppet());
        }
    }

    [Fact]
    public async Task More_blocking_calls_than_workers_do_not_stop_other_actors()
    {
        var calls = Enumerable.Range(0, 32).Select(_ => StartPuppet()).ToList();
        await Task.WhenAll(calls.Select(call => HoldUpAsync(call, Block)));

        for (var i = 0; i < 100; i++)
        {
            await SettledAsync(StartPuppet());
        }
    }

    [Fact]
    public async Task A_thread_that_burns_is_demoted_and_one_that_waits_is_not()
    {
        var (burns, waits) = (StartPuppet(), StartPuppet());
        await HoldUpAsync(burns, Spin);
        await HoldUpAsync(waits, Block);

        var demoted = await HeldUpAsync(burns, held => held.State == "demoted");
        Assert.True(demoted.Cpu > TimeSpan.Zero);
        Assert.Equal(typeof(Do), demoted.Message);
        Assert.False(demoted.Abandoned);
        await HeldUpAsync(waits, held => held.State == "blocked");
    }

    [Fact]
    public async Task An_actor_continues_with_its_mailbox_when_its_long_message_ends()
    {
        var actor = StartPuppet();
        await HoldUpAsync(actor, Spin);
        actor.Tell("queued", ActorRefs.NoSender);
        await HeldUpAsync(actor, held => held.State == "demoted");

        LetGo();
        await ExpectAsync("queued");
        await NobodyIsHeldUpAsync();
        Assert.Equal("idle", System.Inspect(actor.Path.ToStringWithoutAddress())!.Status);
    }

    [Fact]
    public async Task Messages_that_are_sent_by_a_long_message_are_handled_before_it_ends()
    {
        var actor = StartPuppet();
        var other = StartPuppet();
        await HoldUpAsync(actor, () =>
        {
            other.Tell("from within", ActorRefs.NoSender);
            Spin();
        });

        await ExpectAsync("from within");
    }

    [Fact]
    public async Task Threads_exit_when_their_long_messages_have_ended()
    {
        var calls = Enumerable.Range(0, 20).Select(_ => StartPuppet()).ToList();
        await Task.WhenAll(calls.Select(call => HoldUpAsync(call, Block)));
        Assert.True(System.InspectScheduler().Threads >= 20);

        LetGo();
        await Until.TrueAsync(() => System.InspectScheduler().Threads <= 2 + 4, () => System.InspectScheduler().ToString());
    }

    [Fact]
    public async Task An_AsyncLocal_value_of_an_actor_is_not_seen_by_other_actors()
    {
        var local = new AsyncLocal<string?>();
        foreach (var actor in Enumerable.Range(0, 4).Select(_ => StartPuppet()))
        {
            actor.Tell(new Do(_ => local.Value = "mine"), ActorRefs.NoSender);
            await SettledAsync(actor);
        }

        // These are other actors on the same threads. The same actor may see its value until its slice ends.
        foreach (var actor in Enumerable.Range(0, 4).Select(_ => StartPuppet()))
        {
            var seen = await actor.Ask<string>(new Do(context => context.Sender.Tell(local.Value ?? "nothing")), Patience);
            Assert.Equal("nothing", seen);
        }
    }

    [Fact]
    public async Task Awaiting_work_holds_no_thread()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actors = Enumerable.Range(0, 100).Select(_ => System.ActorOf(Recipe.Of(() => new Awaits(gate.Task)))).ToList();
        var answers = actors.Select(actor => actor.Ask<string>("begin", Patience)).ToList();
        await SettledAsync(StartPuppet());
        Assert.InRange(System.InspectScheduler().Threads, 1, 2 + 4);

        gate.SetResult();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("ended", answer));
    }

    private sealed class Awaits : ReceiveActor
    {
        public Awaits(Task gate) => ReceiveAsync<string>(async _ =>
        {
            await gate;
            Sender.Tell("ended");
        });
    }
}
