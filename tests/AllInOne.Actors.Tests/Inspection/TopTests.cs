namespace AllInOne.Actors.Tests.Inspection;

public sealed class TopTests : ActorTest
{
    [Fact]
    public async Task Top_by_busy_names_the_one_that_does_not_end_its_message()
    {
        using var gate = new ManualResetEventSlim();
        var stuck = StartPuppet(name: "stuck");
        StartPuppet(name: "idle");
        await OccupyAsync(stuck, gate);

        var top = (await TopAsync(ActorMeasure.Busy, TimeSpan.FromMilliseconds(50), 1))[0];
        Assert.Equal("/user/stuck", top.Actor.Path);
        Assert.Equal("busy", top.Actor.Status);
        Assert.Equal(typeof(Do), top.Actor.Message);
        Assert.True(top.Busy >= TimeSpan.FromMilliseconds(40), $"busy for {top.Busy}");
        Assert.True(top.Actor.Busy >= top.Busy);
        gate.Set();
    }

    [Fact]
    public async Task Top_by_mailbox_restarts_and_messages_puts_the_greatest_first()
    {
        using var gate = new ManualResetEventSlim();
        var (full, failing, diligent) = (StartPuppet(name: "full"), StartPuppet(name: "failing"), StartPuppet(name: "diligent"));
        await OccupyAsync(full, gate);
        for (var i = 0; i < 500; i++)
        {
            full.Tell(i, ActorRefs.NoSender);
        }

        for (var i = 0; i < 3; i++)
        {
            failing.Tell(new Crash(Failure()), ActorRefs.NoSender);
        }

        await SettledAsync(failing);
        Assert.Equal(("/user/full", 500), First(await TopAsync(ActorMeasure.Mailbox, TimeSpan.Zero, 2), top => top.Actor.Mailbox));
        Assert.Equal(("/user/failing", 3), First(await TopAsync(ActorMeasure.Restarts, TimeSpan.Zero, 2), top => top.Actor.Restarts));

        var window = TopAsync(ActorMeasure.Messages, TimeSpan.FromMilliseconds(500), 3);
        for (var i = 0; i < 300; i++)
        {
            diligent.Tell("work", ActorRefs.NoSender);
        }

        await SettledAsync(diligent);

        // The probe also gets a message for each piece of work, but the test has started the probe.
        var messages = (await window).First(top => top.Actor.Path == "/user/diligent").Messages;
        Assert.InRange(messages, 1, 301);
        gate.Set();
    }

    [Fact]
    public async Task Top_answers_no_more_than_asked_for()
    {
        foreach (var puppet in Enumerable.Range(0, 50).Select(_ => StartPuppet()).ToList())
        {
            // An actor that has not started yet has no figures.
            await SettledAsync(puppet);
        }

        Assert.Equal(7, (await TopAsync(ActorMeasure.Messages, TimeSpan.Zero, 7)).Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TopAsync(ActorMeasure.Messages, TimeSpan.Zero, 0));
    }

    private Task<IReadOnlyList<TopInfo>> TopAsync(ActorMeasure measure, TimeSpan window, int limit) =>
        System.InspectTopAsync(measure, window, limit, CancellationToken.None);

    private static (string Path, int Value) First(IReadOnlyList<TopInfo> top, Func<TopInfo, int> value) => (top[0].Actor.Path, value(top[0]));
}
