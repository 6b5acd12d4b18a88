namespace AllInOne.Actors.Tests.Supervision;

public sealed class RestartLimitTests : TimedActorTest
{
    [Fact]
    public async Task A_child_past_the_limit_is_stopped()
    {
        var parent = StartPuppet(new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart));
        var child = await StartChildAsync(parent);

        await CrashAndSurviveAsync(child);
        await CrashAndSurviveAsync(child);
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task The_limit_counts_each_child_for_itself()
    {
        var parent = StartPuppet(new OneForOneStrategy(1, TimeSpan.FromHours(1), _ => Directive.Restart));
        await CrashAndSurviveAsync(await StartChildAsync(parent));
        await CrashAndSurviveAsync(await StartChildAsync(parent));
    }

    [Fact]
    public async Task The_window_begins_anew_once_it_has_run_out()
    {
        var parent = StartPuppet(new OneForOneStrategy(1, TimeSpan.FromMilliseconds(200), _ => Directive.Restart));
        var child = await StartChildAsync(parent);

        await CrashAndSurviveAsync(child);
        await PassAsync(TimeSpan.FromMilliseconds(300));
        await CrashAndSurviveAsync(child);
        await PassAsync(TimeSpan.FromMilliseconds(300));
        await CrashAndSurviveAsync(child);
    }

    [Fact]
    public async Task A_window_without_a_number_allows_one_restart()
    {
        var parent = StartPuppet(new OneForOneStrategy(null, TimeSpan.FromHours(1), _ => Directive.Restart));
        var child = await StartChildAsync(parent);

        await CrashAndSurviveAsync(child);
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task A_number_without_a_window_counts_for_ever()
    {
        var parent = StartPuppet(new OneForOneStrategy(1, null, _ => Directive.Restart));
        var child = await StartChildAsync(parent);

        await CrashAndSurviveAsync(child);
        await PassAsync(TimeSpan.FromMilliseconds(100));
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task Zero_restarts_is_none()
    {
        var parent = StartPuppet(new OneForOneStrategy(0, TimeSpan.FromHours(1), _ => Directive.Restart));
        var child = await StartChildAsync(parent);

        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task Without_number_and_window_there_is_no_limit()
    {
        var parent = StartPuppet(Always(Directive.Restart));
        var child = await StartChildAsync(parent);

        for (var i = 0; i < 50; i++)
        {
            child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        }

        child.Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }

    private async Task CrashAndSurviveAsync(IActorRef child)
    {
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        child.Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }
}
