namespace AllInOne.Actors.Tests.Workers;

/// <summary>If all threads are blocked for less than <c>abandon-after</c>, the system goes on. The pauses of a busy machine are far below an hour.</summary>
public sealed class PatienceTests() : RunawayTest("workers = 2, max-threads = 8, abandon-after = 1h")
{
    [Fact]
    public async Task Messages_that_end_in_time_are_no_reason_to_give_up()
    {
        var puppets = Enumerable.Range(0, 9).Select(_ => StartPuppet()).ToList();
        puppets.ForEach(puppet => puppet.Tell(new Do(_ => Block()), ActorRefs.NoSender));
        await Until.TrueAsync(() => System.InspectScheduler() is { Threads: 8, HeldUp.Count: 6 }, () => System.InspectScheduler().ToString());

        // Fifty checks of the monitor.
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        LetGo();

        foreach (var puppet in puppets)
        {
            await SettledAsync(puppet);
        }

        Assert.False(System.WhenGivenUp().IsCompleted);
    }
}
