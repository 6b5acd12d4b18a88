namespace AllInOne.Actors.Tests.Patterns;

public sealed class BackoffSupervisorTests : TimedActorTest
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_child_that_fails_comes_back_after_the_delay()
    {
        var supervisor = StartSupervisor(OnFailure());
        var first = await ChildAsync(supervisor);

        supervisor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await Probe.ExpectTerminatedAsync(first);
        Assert.Null((await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience)).Ref);
        await PassAsync(First * 1.5);

        var second = await ChildAsync(supervisor);
        Assert.NotEqual(first, second);
        Assert.Equal(first.Path, second.Path);
        Assert.Equal(1, await RestartsAsync(supervisor));
    }

    [Fact]
    public async Task A_child_that_stops_comes_back_too_where_that_is_asked_for()
    {
        var options = Backoff.OnStop(Puppet.Props(Probe.Ref, null), "child", First, Longest, 0, -1);
        var supervisor = StartSupervisor(options);
        var first = await ChildAsync(supervisor);

        supervisor.Tell(PoisonPillForChild(), ActorRefs.NoSender);
        await Probe.ExpectTerminatedAsync(first);
        await SettledAsync(supervisor);
        await PassAsync(First * 1.5);

        Assert.NotEqual(first, await ChildAsync(supervisor));
    }

    [Fact]
    public async Task A_child_that_stops_of_its_own_ends_a_supervisor_for_failures()
    {
        var supervisor = StartSupervisor(OnFailure());
        await ChildAsync(supervisor);

        supervisor.Tell(PoisonPillForChild(), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(supervisor);
    }

    [Fact]
    public async Task Messages_reach_the_child_with_their_senders()
    {
        var asker = TestProbe.Create(System);
        var supervisor = StartSupervisor(OnFailure());
        asker.Send(supervisor, new Do(context => context.Sender.Tell("from the child")));

        await asker.ExpectMsgAsync("from the child");
        supervisor.Tell("for the child", ActorRefs.NoSender);
        await ExpectAsync("for the child");
    }

    [Fact]
    public async Task Messages_while_the_child_is_away_become_dead_letters()
    {
        var letters = Listen<DeadLetter>();
        var supervisor = StartSupervisor(OnFailure());
        var first = await ChildAsync(supervisor);
        supervisor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await Probe.ExpectTerminatedAsync(first);
        await SettledAsync(supervisor);

        supervisor.Tell("nobody home", ActorRefs.NoSender);

        await letters.FishForMsgAsync<DeadLetter>(letter => letter.Message.Equals("nobody home"));
    }

    [Fact]
    public async Task Past_the_limit_the_supervisor_stops()
    {
        var supervisor = StartSupervisor(OnFailure().WithMaxNrOfRetries(1).WithManualReset());
        var first = await ChildAsync(supervisor);
        supervisor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await Probe.ExpectTerminatedAsync(first);
        await SettledAsync(supervisor);
        await PassAsync(First * 1.5);
        await ChildAsync(supervisor);

        supervisor.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(supervisor);
    }

    [Fact]
    public async Task A_quiet_while_begins_the_count_anew()
    {
        var supervisor = StartSupervisor(OnFailure().WithAutoReset(First));
        var first = await ChildAsync(supervisor);
        supervisor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await Probe.ExpectTerminatedAsync(first);
        await SettledAsync(supervisor);
        await PassAsync(First * 1.5);
        await ChildAsync(supervisor);
        Assert.Equal(1, await RestartsAsync(supervisor));

        await PassAsync(First * 2);

        Assert.Equal(0, await RestartsAsync(supervisor));
    }

    [Fact]
    public async Task A_reset_by_hand_begins_the_count_anew()
    {
        var supervisor = StartSupervisor(OnFailure().WithManualReset());
        var first = await ChildAsync(supervisor);
        supervisor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await Probe.ExpectTerminatedAsync(first);
        await SettledAsync(supervisor);
        await PassAsync(First * 1.5);
        await ChildAsync(supervisor);

        supervisor.Tell(BackoffSupervisor.Reset.Instance, ActorRefs.NoSender);

        Assert.Equal(0, await RestartsAsync(supervisor));
    }

    private static Do PoisonPillForChild() => new(context => context.Stop(context.Self));

    private static async Task<int> RestartsAsync(IActorRef supervisor) =>
        (await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience)).Count;

    private IActorRef StartSupervisor(BackoffOptions options) => System.ActorOf(BackoffSupervisor.Props(options), "supervisor");

    private BackoffOptions OnFailure() => Backoff.OnFailure(Puppet.Props(Probe.Ref, null), "child", First, Longest, 0, -1);

    /// <summary>The child, once it is back.</summary>
    private static async Task<IActorRef> ChildAsync(IActorRef supervisor)
    {
        while (true)
        {
            var current = await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience);
            if (current.Ref is { } child)
            {
                return child;
            }
        }
    }
}
