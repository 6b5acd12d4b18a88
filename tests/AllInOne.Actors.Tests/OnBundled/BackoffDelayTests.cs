namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>The exact delays, which only a clock that stands still can show.</summary>
public sealed class BackoffDelayTests : TimedActorTest
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task The_delay_doubles_from_the_shortest_to_the_longest()
    {
        var options = Backoff.OnFailure(
            Puppet.Props(Probe.Ref, null), "child", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 0, -1).WithManualReset();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(options));

        foreach (var seconds in new[] { 1, 2, 4, 5, 5 })
        {
            await Probe.WatchAsync(await ChildAsync(supervisor) ?? throw new InvalidOperationException("no child"));
            supervisor.Tell(new Crash(Failure()), ActorRefs.NoSender);
            await Probe.ExpectMsgAsync<Terminated>();
            await TimersSetAsync(1);

            await PassAsync(TimeSpan.FromSeconds(seconds) - Moment);
            Assert.Null(await ChildAsync(supervisor));
            await PassAsync(Moment);
        }

        Assert.NotNull(await ChildAsync(supervisor));
    }

    private static async Task<IActorRef?> ChildAsync(IActorRef supervisor) =>
        (await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience)).Ref;
}
