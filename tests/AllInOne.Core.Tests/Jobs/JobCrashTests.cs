using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging.Abstractions;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>Runs and queues when an actor or the process dies.</summary>
public sealed class JobCrashTests
{
    [Fact]
    public async Task A_run_that_the_death_of_the_server_cuts_off_is_lost_and_tried_again_where_its_policy_says_so()
    {
        await using var work = await JobsAtWork.StartAsync();
        work.Act = Never;
        await work.PutAsync("once", """ "schedule": {"at": "2026-03-01T12:01:00Z"} """);
        await work.PutAsync("twice", """ "schedule": {"at": "2026-03-01T12:01:00Z"}, "retry": {"attempts": 2, "backoff": "PT1M"} """);
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.BegunAsync(2);

        work.Act = (_, _) => Task.FromResult(RunResult.Good);
        await work.DieAsync();
        var lost = Assert.Single(await work.EndedAsync("once", 1));
        Assert.Equal((RunOutcome.Lost, RunCause.Schedule), (lost.Outcome!.Value, lost.Cause));
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        var runs = await work.EndedAsync("twice", 2);
        Assert.Equal([(RunOutcome.Lost, RunCause.Schedule, 1), (RunOutcome.Succeeded, RunCause.Retry, 2)], runs.Select(run => (run.Outcome!.Value, run.Cause, run.Attempt)));
        Assert.Single(await work.RunsAsync("once"));
    }

    [Fact]
    public async Task When_the_actor_of_the_runs_fails_its_runs_are_lost_and_everything_else_continues()
    {
        await using var work = await JobsAtWork.StartAsync();
        work.Act = Never;
        await work.PutAsync("tick", """ "schedule": {"every": "PT1M"} """);
        await work.PutAsync("work");
        await work.EnqueueAsync("work", "1");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.BegunAsync(2);

        work.Act = (_, _) => Task.FromResult(RunResult.Good);
        await work.RestartAsync("/user/jobs/runs");
        Assert.Equal(RunOutcome.Lost, (await work.EndedAsync("tick", 1))[0].Outcome);
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(RunOutcome.Succeeded, (await work.EndedAsync("tick", 2))[1].Outcome);
        Assert.Equal([RunOutcome.Lost, RunOutcome.Succeeded], (await work.EndedAsync("work", 2)).Select(run => run.Outcome!.Value));
        Assert.Equal(0, work.Store.CountersOf(Id("work")).Queued);
    }

    [Fact]
    public async Task Until_the_definitions_are_restored_no_job_is_answered_as_missing()
    {
        using var root = new TemporaryDirectory();
        using var parts = new TreeParts(new SystemTreeOptions { Data = { Directory = root["data"] } }, TimeProvider.System, NullLoggerFactory.Instance);
        var store = parts.Jobs.Store;

        Assert.Throws<UnavailableException>(() => store.Definitions.Find(Id("tick")));
        Assert.Throws<UnavailableException>(() => store.Definitions.All);

        await store.RestoreAsync(new Dictionary<string, JobDefinition>());

        Assert.Null(store.Definitions.Find(Id("tick")));
        Assert.Empty(store.Definitions.All);
    }

    [Fact]
    public async Task When_the_clock_fails_or_is_stopped_runs_continue_and_no_time_is_missed()
    {
        await using var work = await JobsAtWork.StartAsync();
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        await work.PutAsync("long");
        await work.PutAsync("tick", """ "schedule": {"every": "PT1M"}, "overlap": "queue" """);
        await work.RunAsync("long");
        await work.RestartAsync("/user/jobs/clock");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.BegunAsync(2);
        await work.StopActorAsync("/user/jobs/clock");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        gate.Release(10);

        Assert.Equal(RunOutcome.Succeeded, (await work.EndedAsync("long", 1))[0].Outcome);
        var runs = await work.EndedAsync("tick", 2);
        Assert.Equal(JobsAtWork.At("2026-03-01T12:01:00Z"), runs[0].PlannedFor);
        await Until.TrueAsync(() => work.RunsAsync("tick").GetAwaiter().GetResult()[^1].PlannedFor == JobsAtWork.At("2026-03-01T12:03:00Z"));
    }

    [Fact]
    public async Task Pending_work_of_a_previous_incarnation_of_the_clock_does_not_affect_the_next_one()
    {
        await using var work = await JobsAtWork.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(n => work.PutAsync($"job-{n}", """ "schedule": {"cron": "0 13 * * *"} """)));
        for (var n = 0; n < 20; n++)
        {
            await work.RestartAsync("/user/jobs/clock");
        }

        await work.TurnAsync(TimeSpan.FromHours(1));
        await Until.TrueAsync(() => work.Store.Figures.All.Completed(RunOutcome.Succeeded) == 2000, () => $"{work.Store.Figures.All.Completed(RunOutcome.Succeeded)}");
    }

    [Fact]
    public async Task After_a_restart_of_all_parts_at_once_times_and_queues_continue()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("tick", """ "schedule": {"every": "PT1M"} """);
        await work.PutAsync("work");
        await work.RestartAsync("/user/jobs");
        await work.EnqueueAsync("work", "1");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(RunOutcome.Succeeded, (await work.EndedAsync("work", 1))[0].Outcome);
        Assert.Equal(RunOutcome.Succeeded, (await work.EndedAsync("tick", 1))[0].Outcome);

        await work.StopActorAsync("/user/jobs/runs");
        await work.EnqueueAsync("work", "2");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await work.EndedAsync("work", 2)).Count);
        Assert.Equal(2, (await work.EndedAsync("tick", 2)).Count);
    }

    private static async Task<RunResult> Never(RunTask task, CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        return RunResult.Good;
    }
}
