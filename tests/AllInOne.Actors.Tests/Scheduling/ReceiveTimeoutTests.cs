using System.Diagnostics;
using Akka.Event;

namespace AllInOne.Actors.Tests.Scheduling;

public sealed class ReceiveTimeoutTests : ActorTest
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private sealed class Unimportant : INotInfluenceReceiveTimeout;

    [Fact]
    public async Task It_is_told_after_a_quiet_while_and_again_after_the_next()
    {
        await StartAsync();

        await Probe.ExpectMsgAsync<ReceiveTimeout>();
        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task A_message_begins_the_while_anew()
    {
        var actor = System.ActorOf(Recipe.Of(() => new TellsHowLongItWasQuiet(Probe.Ref)));
        await Task.Delay(Quiet / 2);
        actor.Tell(1, ActorRefs.NoSender);

        var quiet = await Probe.ExpectMsgAsync<TimeSpan>();
        Assert.True(quiet >= Quiet, $"after {quiet}");
    }

    [Fact]
    public async Task Messages_that_do_not_count_do_not_put_it_off()
    {
        var actor = await StartAsync();
        var steady = System.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, Quiet / 6, actor, new Unimportant(), ActorRefs.NoSender);

        await Probe.FishForMessageAsync<ReceiveTimeout>(_ => true);
        steady.Cancel();
    }

    [Fact]
    public async Task Null_ends_it()
    {
        var actor = StartPuppet();
        actor.Tell(new Do(context => context.SetReceiveTimeout(Quiet)), ActorRefs.NoSender);
        actor.Tell(new Do(context => context.SetReceiveTimeout(null)), ActorRefs.NoSender);
        await SettledAsync(actor);
        // On a busy machine a timeout may have come between the two messages.
        Probe.Tell("settled");
        await Probe.FishForMessageAsync<string>(_ => true);

        await Probe.ExpectNoMsgAsync(Quiet * 2);
    }

    [Fact]
    public async Task It_outlives_a_restart()
    {
        var actor = await StartAsync();
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await SettledAsync(actor);

        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task It_ends_with_its_actor()
    {
        var letters = Listen<AllDeadLetters>();
        var actor = await StartAsync();
        System.Stop(actor);
        await System.WhenStoppedAsync(actor);
        await letters.ExpectNoMsgAsync(Quiet * 2);
    }

    private async Task<IActorRef> StartAsync()
    {
        var actor = StartPuppet();
        actor.Tell(new Do(context => context.SetReceiveTimeout(Quiet)), ActorRefs.NoSender);
        await SettledAsync(actor);
        return actor;
    }

    private sealed class TellsHowLongItWasQuiet : ReceiveActor
    {
        private readonly Stopwatch _quiet = Stopwatch.StartNew();

        public TellsHowLongItWasQuiet(IActorRef probe)
        {
            SetReceiveTimeout(Quiet);
            Receive<int>(_ => _quiet.Restart());
            Receive<ReceiveTimeout>(_ => probe.Tell(_quiet.Elapsed, Self));
        }
    }
}
