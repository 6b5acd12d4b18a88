namespace AllInOne.Actors.Tests.Workers;

/// <summary>The number of workers is set while the system runs.</summary>
public sealed class WorkerPoolTests : RunawayTest
{
    private const int Actors = 2_000;
    private const int Hops = 200;

    private int Most => System.InspectScheduler().MaxWorkers;

    [Fact]
    public async Task Nothing_is_lost_or_run_twice_while_the_number_of_workers_changes()
    {
        var runaways = Enumerable.Range(0, 4).Select(_ => StartPuppet()).ToList();
        await Task.WhenAll(runaways.Select((runaway, i) => HoldUpAsync(runaway, i < 2 ? Spin : Block)));
        var crowd = new Crowd(System, Actors);

        crowd.Begin(Hops);
        var resizing = Enumerable.Range(1, 3).Select(seed => ResizeUntilAsync(() => crowd.IsDone, new Random(seed))).ToList();
        await Until.TrueAsync(() => crowd.IsDone, () => $"{crowd.Handled} of {crowd.Expected}; {System.InspectScheduler()}");

        await Task.WhenAll(resizing);
        await crowd.SettledAsync(Patience);
        Assert.Equal(crowd.Expected, crowd.Handled);
        Assert.Null(crowd.Broken);
        System.ResizeScheduler(2);
        Assert.Equal(2, System.InspectScheduler().Workers);
        LetGo();
        await NobodyIsHeldUpAsync();
        await Until.TrueAsync(() => System.InspectScheduler().Threads <= 2 + 4, () => System.InspectScheduler().ToString());
    }

    [Fact]
    public async Task One_worker_runs_all_actors_beside_runaway_actors()
    {
        var runaways = Enumerable.Range(0, 4).Select(_ => StartPuppet()).ToList();
        await Task.WhenAll(runaways.Select((runaway, i) => HoldUpAsync(runaway, i < 2 ? Spin : Block)));
        System.ResizeScheduler(1);
        var crowd = new Crowd(System, 100);

        crowd.Begin(Hops);

        await Until.TrueAsync(() => crowd.IsDone, () => $"{crowd.Handled} of {crowd.Expected}; {System.InspectScheduler()}");
        Assert.Null(crowd.Broken);
        Assert.Equal(1, System.InspectScheduler().Workers);
        LetGo();
        await Until.TrueAsync(() => System.InspectScheduler().Threads <= 1 + 4, () => System.InspectScheduler().ToString());
    }

    [Fact]
    public async Task An_actor_may_set_the_number_of_workers_and_continues()
    {
        var actor = StartPuppet();
        foreach (var workers in (int[])[1, Most, 2, 1, Most])
        {
            var seen = await actor.Ask<int>(
                new Do(context =>
                {
                    context.System.ResizeScheduler(workers);
                    context.Sender.Tell(context.System.InspectScheduler().Workers);
                }),
                Patience);

            Assert.Equal(workers, seen);
            await SettledAsync(actor);
            await SettledAsync(StartPuppet());
        }
    }

    [Fact]
    public async Task Each_open_seat_gets_a_thread_and_each_closed_one_loses_it()
    {
        foreach (var workers in (int[])[Most, 1, 2])
        {
            System.ResizeScheduler(workers);

            await Until.TrueAsync(() => Occupied(System) == workers, () => $"{Occupied(System)} of {workers}");
        }
    }

    [Fact]
    public async Task A_number_out_of_range_is_refused_and_changes_nothing()
    {
        foreach (var workers in (int[])[int.MinValue, -1, 0, Most + 1, int.MaxValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => System.ResizeScheduler(workers));
        }

        Assert.Equal(2, System.InspectScheduler().Workers);
        await SettledAsync(StartPuppet());
    }

    [Fact]
    public async Task After_the_end_of_the_system_nothing_is_started()
    {
        await System.Terminate().WaitAsync(Patience);
        await Until.TrueAsync(() => WorkScheduler.Of(System).Pool.IsStopping);

        System.ResizeScheduler(Most);
        System.ResizeScheduler(1);

        Assert.Equal(2, System.InspectScheduler().Workers);
    }

    [Fact]
    public async Task The_smallest_bound_leaves_a_thread_for_a_message_that_does_not_end()
    {
        using var system = TestSystem.Create("small", "fair-scheduler { workers = 1, max-threads = 2 }");
        await HoldUpAsync(system.ActorOf(Puppet.Props(ActorRefs.Nobody, null)), Block);

        await SettledAsync(system.ActorOf(Puppet.Props(ActorRefs.Nobody, null)));

        Assert.Equal(1, system.InspectScheduler().MaxWorkers);
        Assert.False(system.WhenGivenUp().IsCompleted);
        LetGo();
    }

    internal static int Occupied(ActorSystem system)
    {
        var count = 0;
        foreach (var seat in WorkScheduler.Of(system).Queues.Seats)
        {
            count += seat.Worker is null ? 0 : 1;
        }

        return count;
    }

    private async Task ResizeUntilAsync(Func<bool> isDone, Random random)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!isDone())
        {
            System.ResizeScheduler(random.Next(1, Most + 1));
            await pause.WaitForNextTickAsync();
        }
    }
}
