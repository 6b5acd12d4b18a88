namespace AllInOne.Actors.Tests.Workers;

/// <summary>
/// A message that ends within <c>abandon-after</c> is no reason to abandon its actor or to give up. A pause of a busy machine is much shorter than an
/// hour.
/// </summary>
public sealed class PatienceTests() : RunawayTest("workers = 2, max-threads = 8, abandon-after = 1h")
{
    [Fact]
    public async Task Messages_that_end_in_time_are_no_reason_to_give_up()
    {
        var puppets = Enumerable.Range(0, 9).Select(_ => StartPuppet()).ToList();
        puppets.ForEach(puppet => puppet.Tell(new Do(_ => Block()), ActorRefs.NoSender));
        await Until.TrueAsync(() => System.InspectScheduler() is { Threads: 8, HeldUp.Count: 6 }, () => System.InspectScheduler().ToString());

        await ManyChecksAsync();
        LetGo();

        foreach (var puppet in puppets)
        {
            await SettledAsync(puppet);
        }

        Assert.False(System.WhenGivenUp().IsCompleted);
    }

    [Fact]
    public async Task A_message_that_ends_in_time_is_no_reason_to_abandon()
    {
        var actor = System.ActorOf(TalkingPuppet.Props(Probe.Ref, null));
        await ExpectAsync(new Life("constructor"), new Life("PreStart"));
        for (var i = 0; i < 5; i++)
        {
            using var gate = new ManualResetEventSlim();
            await HoldUpAsync(actor, gate.Wait);
            await HeldUpAsync(actor, _ => true);
            Restart(actor);
            await ManyChecksAsync();
            gate.Set();
            await ExpectAsync(
                new Life("PreRestart"), new Life("PostStop"), new Life("constructor"), new Life("PostRestart", "as asked"), new Life("PreStart"));
        }
    }

    /// <summary>Waits for about fifty checks of the monitor.</summary>
    private static Task ManyChecksAsync() => Task.Delay(TimeSpan.FromMilliseconds(100));
}
