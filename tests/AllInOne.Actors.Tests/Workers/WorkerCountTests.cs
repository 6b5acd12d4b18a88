namespace AllInOne.Actors.Tests.Workers;

/// <summary>The number of actors that run at the same time. The monitor hardly ever checks here, so a message that blocks keeps its seat.</summary>
public sealed class WorkerCountTests() : ActorTest(TestSystem.Create(
    "count", "fair-scheduler { workers = 2, spare-threads = 4, look-interval = 1h, demote-after = 1h, abandon-after = 1h }"))
{
    [Fact]
    public async Task As_many_actors_run_at_the_same_time_as_asked_for()
    {
        var most = System.InspectScheduler().MaxWorkers;
        Assert.Equal(Math.Max(2, 2 * Environment.ProcessorCount), most);
        foreach (var workers in (int[])[2, 1, most, 2, most - 1, 1])
        {
            System.ResizeScheduler(workers);

            Assert.Equal(workers, System.InspectScheduler().Workers);
            await MeetAsync(workers);
            Assert.InRange(await MostAtOnceAsync(), 1, workers);
        }
    }

    /// <summary>Completes when this many actors are in a message at the same time.</summary>
    private async Task MeetAsync(int count)
    {
        using var meeting = new Barrier(count);
        var met = Enumerable.Range(0, count).Select(_ => StartPuppet().Ask<bool>(
            new Do(context => context.Sender.Tell(meeting.SignalAndWait(Patience))), 2 * Patience)).ToList();
        Assert.All(await Task.WhenAll(met), Assert.True);
    }

    /// <summary>Runs a hundred actors that block for a moment. Returns the greatest number of them that were in a message at the same time.</summary>
    private async Task<int> MostAtOnceAsync()
    {
        var (inside, most) = (0, 0);
        var done = Enumerable.Range(0, 100).Select(_ => StartPuppet().Ask<bool>(
            new Do(context =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref inside));
                Thread.Sleep(1);
                Interlocked.Decrement(ref inside);
                context.Sender.Tell(true);
            }),
            Patience)).ToList();
        await Task.WhenAll(done);
        return most;
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
