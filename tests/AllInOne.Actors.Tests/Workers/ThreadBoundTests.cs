using Akka.Event;

namespace AllInOne.Actors.Tests.Workers;

/// <summary>The number of threads is bounded. The system warns near the bound, and gives up when it needs more threads.</summary>
public sealed class ThreadBoundTests() : RunawayTest("workers = 2, max-threads = 8")
{
    [Fact]
    public async Task Near_the_bound_the_system_warns_once_and_works_on()
    {
        var warnings = Listen<Warning>();
        for (var i = 0; i < 5; i++)
        {
            await HoldUpAsync(StartPuppet(), Block);
        }

        var warning = await warnings.FishForMessageAsync<Warning>(said => said.LogSource == "scheduler");
        Assert.Contains("of at most 8 threads", warning.Message.ToString());
        await SettledAsync(StartPuppet());
        Assert.False(System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Past_the_bound_the_system_gives_up_and_names_the_messages_that_block_it()
    {
        foreach (var puppet in Enumerable.Range(0, 9).Select(_ => StartPuppet()))
        {
            puppet.Tell(new Do(_ => Block()), ActorRefs.NoSender);
        }

        var reason = Assert.IsType<ThreadsExhaustedException>(await System.WhenGivenUp().WaitAsync(Patience));
        Assert.Equal(8, reason.MaxThreads);
        Assert.Contains("× Puppet", reason.Message);
        LetGo();
    }

    [Fact]
    public async Task At_the_bound_an_opened_seat_waits_until_a_blocked_thread_returns()
    {
        var workers = System.InspectScheduler().MaxWorkers;
        for (var i = 0; i < 6; i++)
        {
            await HoldUpAsync(StartPuppet(), Block);
        }

        await Until.TrueAsync(() => System.InspectScheduler() is { HeldUp.Count: 6, Threads: 8 }, () => System.InspectScheduler().ToString());

        System.ResizeScheduler(workers);

        await SettledAsync(StartPuppet());
        Assert.Equal(8, System.InspectScheduler().Threads);
        Assert.False(System.WhenGivenUp().IsCompleted);
        LetGo();
        await Until.TrueAsync(() => WorkerPoolTests.Occupied(System) == workers, () => System.InspectScheduler().ToString());
        await SettledAsync(StartPuppet());
    }
}
