using Akka.Event;

namespace AllInOne.Actors.Tests.Scheduling;

public sealed class ReceiveTimeoutTests : ActorTest
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private sealed class Unimportant : INotInfluenceReceiveTimeout;

    [Fact]
    public async Task It_is_told_after_a_quiet_while_and_again_after_the_next()
    {
        var actor = await StartAsync();
        await Task.Delay(Quiet * 1.2);
        await Probe.ExpectMsgAsync<ReceiveTimeout>();
        await SettledAsync(actor);
        await Task.Delay(Quiet * 1.2);
        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task A_message_begins_the_while_anew()
    {
        var actor = await StartAsync();
        await Task.Delay(Quiet * 0.6);
        actor.Tell(1, ActorRefs.NoSender);
        await SettledAsync(actor);
        await Task.Delay(Quiet * 0.6);
        actor.Tell(2, ActorRefs.NoSender);

        await ExpectAsync(1, 2);
        await SettledAsync(actor);
        await Task.Delay(Quiet * 1.2);
        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task A_message_that_does_not_count_changes_nothing()
    {
        var actor = await StartAsync();
        await Task.Delay(Quiet * 0.6);
        actor.Tell(new Unimportant(), ActorRefs.NoSender);
        await SettledAsync(actor);
        await Task.Delay(Quiet * 0.6);

        await Probe.ExpectMsgAsync<Unimportant>();
        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task Null_ends_it()
    {
        var actor = StartPuppet();
        actor.Tell(new Do(context => context.SetReceiveTimeout(Quiet)), ActorRefs.NoSender);
        actor.Tell(new Do(context => context.SetReceiveTimeout(null)), ActorRefs.NoSender);
        await SettledAsync(actor);
        await Task.Delay(Quiet * 2);

        await Probe.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task It_outlives_a_restart()
    {
        var actor = await StartAsync();
        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await SettledAsync(actor);
        await Task.Delay(Quiet * 1.2);

        await Probe.ExpectMsgAsync<ReceiveTimeout>();
    }

    [Fact]
    public async Task It_ends_with_its_actor()
    {
        var letters = Listen<AllDeadLetters>();
        var actor = await StartAsync();
        System.Stop(actor);
        await System.WhenStoppedAsync(actor);
        await Task.Delay(Quiet * 2);

        await letters.ExpectNoMsgAsync(Silence);
    }

    private async Task<IActorRef> StartAsync()
    {
        var actor = StartPuppet();
        actor.Tell(new Do(context => context.SetReceiveTimeout(Quiet)), ActorRefs.NoSender);
        await SettledAsync(actor);
        return actor;
    }
}
