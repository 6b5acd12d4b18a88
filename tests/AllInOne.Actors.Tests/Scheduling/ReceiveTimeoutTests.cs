using System.Diagnostics;
using Akka.Event;

namespace AllInOne.Actors.Tests.Scheduling;

public sealed class ReceiveTimeoutTests : ActorTest
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private sealed class Unimportant : INotInfluenceReceiveTimeout;

    [Fact]
    public async Task The_timeout_comes_after_each_quiet_period()
    {
        await StartAsync();

        await Probe.ExpectMsgAsync<ReceiveTimeout>();
        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task A_message_starts_the_quiet_period_again()
    {
        var actor = System.ActorOf(Recipe.Of(() => new TellsHowLongItWasQuiet(Probe.Ref)));
        await Task.Delay(Quiet / 2);
        actor.Tell(1, ActorRefs.NoSender);

        var quiet = await Probe.ExpectMsgAsync<TimeSpan>();
        Assert.True(quiet >= Quiet, $"after {quiet}");
    }

    [Fact]
    public async Task A_message_that_does_not_influence_the_timeout_does_not_delay_it()
    {
        var actor = await StartAsync();
        var steady = System.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, Quiet / 6, actor, new Unimportant(), ActorRefs.NoSender);

        await Probe.FishForMessageAsync<ReceiveTimeout>(_ => true);
        steady.Cancel();
    }

    [Fact]
    public async Task Null_cancels_the_timeout()
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
    public async Task The_timeout_continues_after_a_restart()
    {
        var actor = await StartAsync();
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await SettledAsync(actor);

        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task The_timeout_ends_with_its_actor()
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
