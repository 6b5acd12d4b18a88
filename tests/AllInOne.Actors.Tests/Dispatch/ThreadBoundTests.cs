using Akka.Event;

namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>Threads are bounded: near the bound the system warns, and past it it gives up.</summary>
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

        var warning = await warnings.FishForMsgAsync<Warning>(said => said.LogSource == "scheduler");
        Assert.Contains("of at most 8 threads", warning.Message.ToString());
        await SettledAsync(StartPuppet());
        Assert.False(System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Past_the_bound_the_system_gives_up_and_says_who_holds_it_up()
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
}
