using Akka.Actor;
using AllInOne.Core.Load;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Load;

public class LoadGeneratorTests
{
    [Fact]
    public async Task As_many_workers_exist_as_requested_and_each_is_an_actor()
    {
        await using var load = await LoadAtWork.StartAsync();
        foreach (var count in (int[])[1000, 3, 2001, 0])
        {
            await load.Resize(count);
            Assert.Equal(count, load.Load.Workers);
            await Until.TrueAsync(() => load.Workers().Count == count);
        }
    }

    [Fact]
    public async Task Every_worker_does_its_job_once_a_second()
    {
        var clock = new FakeClock();
        await using var load = await LoadAtWork.StartAsync(clock);
        await load.Resize(2000);
        for (var tenth = 1; tenth <= 20; tenth++)
        {
            clock.Advance(LoadSamples.Interval);
            // A fraction of a turn may come with the next beat.
            await Until.TrueAsync(
                () => load.Load.Successes.Total >= (tenth * 200) - 1 && load.Load.Snapshot.SuccessesPerSecond.Count == tenth,
                () => $"{load.Load.Successes.Total} turns and {load.Load.Snapshot.SuccessesPerSecond.Count} samples in {tenth} tenths of a second");
        }

        Assert.InRange(load.Load.Successes.Total, 3999, 4000);
        var snapshot = load.Load.Snapshot;
        Assert.Equal(snapshot.Cpu.Count, snapshot.SuccessesPerSecond.Count);
        Assert.All(snapshot.Cpu, share => Assert.InRange(share, 0, 1));
        // The last sample may have been taken before its turns.
        Assert.InRange(snapshot.SuccessesPerSecond.Average(), 1800, 2200);
        // No worker is left out, and no worker gets twice as many turns.
        var turns = load.Workers().Select(worker => worker.Messages).ToList();
        Assert.InRange(turns.Max() - turns.Min(), 0, 1);
    }

    [Fact]
    public async Task A_crashed_worker_is_restarted_and_the_others_are_not_affected()
    {
        await using var load = await LoadAtWork.StartAsync();
        await load.Resize(50);
        var victim = load.Workers()[7].Path;
        (await Ref(load, victim)).Tell(Kill.Instance);
        await Until.TrueAsync(() => load.Runtime.Find(victim) is { Restarts: 1, Messages: > 2 });
        Assert.Equal(50, load.Load.Workers);
        Assert.All(load.Workers().Where(worker => worker.Path != victim), worker => Assert.Equal(0, worker.Restarts));
        Assert.Equal(0, load.Runtime.Find("/user/load")!.Restarts);
    }

    [Fact]
    public async Task A_worker_that_crashes_repeatedly_never_fails_its_parent()
    {
        await using var load = await LoadAtWork.StartAsync();
        await load.Resize(10);
        var victim = load.Workers()[0].Path;
        var actor = await Ref(load, victim);
        for (var i = 0; i < 30; i++)
        {
            actor.Tell(Kill.Instance);
        }

        await Until.TrueAsync(() => load.Runtime.Find(victim) is { Restarts: 30 });
        Assert.Equal(0, load.Runtime.Find("/user/load")!.Restarts);
    }

    [Fact]
    public async Task A_stopped_worker_is_replaced_by_another_one()
    {
        await using var load = await LoadAtWork.StartAsync();
        await load.Resize(20);
        var before = load.Workers().Select(worker => worker.Path).ToList();
        Assert.True(load.Runtime.Stop(before[3]));
        await Until.TrueAsync(() => load.Runtime.Find(before[3]) is null && load.Workers().Count == 20);
        var after = load.Workers().Select(worker => worker.Path).ToList();
        Assert.Equal(before.Where(path => path != before[3]), after.SkipLast(1));
        await Until.TrueAsync(() => load.Runtime.Find(after[^1])!.Messages > 0);
    }

    [Fact]
    public async Task The_number_survives_a_restart_and_the_workers_continue()
    {
        await using var load = await LoadAtWork.StartAsync();
        await load.Resize(100);
        Assert.True(load.Runtime.Restart("/user/load"));
        await Until.TrueAsync(() => load.Runtime.Find("/user/load") is { Restarts: 1 });
        Assert.Equal(100, load.Load.Workers);
        Assert.Equal(100, load.Workers().Count);
        var turns = load.Load.Successes.Total;
        await Until.TrueAsync(() => load.Load.Successes.Total > turns + 100);
        await load.Resize(40);
        await Until.TrueAsync(() => load.Workers().Count == 40);
    }

    [Fact]
    public async Task The_number_survives_a_stop_and_applies_at_the_next_start()
    {
        await using var load = await LoadAtWork.StartAsync();
        await load.Resize(30);
        Assert.True(load.Runtime.Stop("/user/load"));
        await Until.TrueAsync(() => load.Runtime.Find("/user/load") is null);
        Assert.Equal(0, load.Load.Workers);
        await Assert.ThrowsAsync<UnavailableException>(() => load.Resize(5));
        await load.StartAgainAsync();
        await Until.TrueAsync(() => load.Load.Workers == 30 && load.Workers().Count == 30);
        await Until.TrueAsync(() => load.Workers().All(worker => worker.Messages > 0));
    }

    [Fact]
    public async Task A_newer_number_overtakes_an_older_one()
    {
        await using var load = await LoadAtWork.StartAsync();
        await Task.WhenAll(load.Resize(20_000), load.Resize(10));
        await load.Resize(11);
        await Until.TrueAsync(() => load.Workers().Count == 11);
    }

    private static Task<IActorRef> Ref(LoadAtWork load, string path) => load.System.ActorSelection(path).ResolveOne(Probes.Patience);
}
