using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Running;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>A run is due while another run of the same job has not ended.</summary>
public sealed class OverlapTests
{
    [Theory]
    [InlineData("skip", 1)]
    [InlineData("queue", 1)]
    [InlineData("allow", 3)]
    public async Task A_time_during_a_run_is_skipped_or_waits_or_runs_beside_it(string policy, int beside)
    {
        await using var work = await JobsAtWork.StartAsync();
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        await work.PutAsync("tick", $$""" "schedule": {"every": "PT1M"}, "overlap": "{{policy}}" """);
        for (var minute = 0; minute < 3; minute++)
        {
            await work.TurnAsync(TimeSpan.FromMinutes(1));
            await Until.TrueAsync(() => Seen() > minute, () => $"{Seen()} in minute {minute}");
        }

        await work.BegunAsync(beside);
        Assert.Equal(beside, work.Store.CountersOf(Id("tick")).Running);
        var asked = await work.Store.Runs.StartAsync(Id("tick"), CancellationToken.None);
        Assert.IsType(policy switch { "skip" => typeof(RunNowResult.Overlaps), "queue" => typeof(RunNowResult.Waits), _ => typeof(RunNowResult.Started) }, asked);

        gate.Release(10);
        var runs = await work.EndedAsync("tick", policy == "skip" ? 1 : 4);
        await work.SettleAsync();
        Assert.Equal(policy == "skip" ? 1 : 4, (await work.RunsAsync("tick")).Count);
        Assert.Equal(policy == "skip" ? 3 : 0, work.Store.CountersOf(Id("tick")).Skipped);
        Assert.All(runs, run => Assert.Equal(RunOutcome.Succeeded, run.Outcome));

        // A skipped time is not missed at the next start.
        await work.ReopenAsync();
        await work.SettleAsync();
        Assert.Equal(runs.Count, (await work.RunsAsync("tick")).Count);

        long Seen() => work.Store.CountersOf(Id("tick")) is var counters ? counters.Running + counters.Waiting + counters.Skipped : 0;
    }

    [Fact]
    public async Task A_requested_run_that_waits_survives_a_death_and_runs_once()
    {
        await using var work = await JobsAtWork.StartAsync();
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        await work.PutAsync("report", """ "overlap": "queue" """);
        await work.RunAsync("report");
        Assert.IsType<RunNowResult.Waits>(await work.Store.Runs.StartAsync(Id("report"), CancellationToken.None));
        Assert.IsType<RunNowResult.Waits>(await work.Store.Runs.StartAsync(Id("report"), CancellationToken.None));
        await work.DieAsync();

        // The current run is lost. The requested runs start one after another.
        gate.Release(2);
        var runs = await work.EndedAsync("report", 3);
        Assert.Equal([RunOutcome.Lost, RunOutcome.Succeeded, RunOutcome.Succeeded], runs.Select(run => run.Outcome!.Value));
        Assert.All(runs, run => Assert.Equal(RunCause.Manual, run.Cause));
        await work.ReopenAsync();
        await work.SettleAsync();
        Assert.Equal(3, (await work.RunsAsync("report")).Count);
    }

    [Fact]
    public async Task A_skipped_time_does_not_discard_a_run_that_still_waits_for_a_place()
    {
        await using var work = await JobsAtWork.StartAsync(options => options.MaxConcurrent = 1);
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        await work.PutAsync("long");
        await work.PutAsync("tick", """ "schedule": {"every": "PT1M"} """);
        await work.RunAsync("long");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await Until.TrueAsync(() => work.Store.CountersOf(Id("tick")).Waiting == 1);
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await Until.TrueAsync(() => work.Store.CountersOf(Id("tick")).Skipped == 1);
        await work.SettleAsync();

        work.Act = (_, _) => Task.FromResult(RunResult.Good);
        await work.DieAsync();
        Assert.Equal(JobsAtWork.At("2026-03-01T12:01:00Z"), (await work.EndedAsync("tick", 1))[0].PlannedFor);
        await work.SettleAsync();
        await work.ReopenAsync();
        await work.SettleAsync();
        Assert.Single(await work.RunsAsync("tick"));
    }

    [Theory]
    [InlineData(""" "concurrency": 10 """, true)]
    [InlineData(""" "overlap": "allow" """, false)]
    public async Task One_job_that_hangs_leaves_places_for_the_others(string members, bool enqueues)
    {
        await using var work = await JobsAtWork.StartAsync(options => options.MaxConcurrent = 4);
        using var gate = new SemaphoreSlim(0);
        work.Act = (task, stop) => task.Job.Id == Id("hangs") ? JobsAtWork.Behind(gate)(task, stop) : Task.FromResult(RunResult.Good);
        await work.PutAsync("hangs", members);
        await work.PutAsync("other");
        for (var n = 0; n < 6; n++)
        {
            _ = enqueues ? (object)await work.EnqueueAsync("hangs") : await work.Store.Runs.StartAsync(Id("hangs"), CancellationToken.None);
        }

        await work.BegunAsync(3);
        await work.RunAsync("other");
        Assert.Equal(RunOutcome.Succeeded, (await work.EndedAsync("other", 1))[0].Outcome);
        Assert.Equal(3, work.Store.CountersOf(Id("hangs")).Running);
        gate.Release(6);
        Assert.Equal(6, (await work.EndedAsync("hangs", 6)).Count);
    }

    [Fact]
    public async Task No_more_runs_than_the_limit_run_at_a_time_and_the_others_wait_for_a_place()
    {
        await using var work = await JobsAtWork.StartAsync(options => options.MaxConcurrent = 4);
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        for (var n = 0; n < 10; n++)
        {
            await work.PutAsync($"job-{n}", """ "schedule": {"at": "2026-03-01T12:01:00Z"} """);
        }

        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.BegunAsync(4);
        await Until.TrueAsync(() => work.Store.Figures.All.Waiting == 6);
        await work.SettleAsync();
        Assert.Equal(4, work.Acted.Count);
        gate.Release(10);
        await Until.TrueAsync(() => work.Store.Figures.All.Completed(RunOutcome.Succeeded) == 10);
        Assert.Equal((0, 0), (work.Store.Figures.All.Waiting, work.Store.Figures.All.Running));
    }
}
