using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

public sealed class RetryTests
{
    [Fact]
    public async Task A_failed_run_is_tried_again_after_a_pause_that_doubles_until_it_succeeds()
    {
        await using var work = await JobsAtWork.StartAsync();
        work.Act = (task, _) => Task.FromResult(task.Run.Attempt < 3 ? RunResult.Bad("not yet") : RunResult.Good);
        await work.PutAsync("stubborn", """ "schedule": {"at": "2026-03-01T12:01:00Z"}, "retry": {"attempts": 5, "backoff": "PT1M"} """);
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        var first = (await work.EndedAsync("stubborn", 1))[0];
        Assert.InRange(first.Retry!.Value - first.Ended!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));

        await work.TurnAsync(TimeSpan.FromMinutes(1));
        var second = (await work.EndedAsync("stubborn", 2))[1];
        Assert.InRange(second.Retry!.Value - second.Ended!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        await work.TurnAsync(TimeSpan.FromMinutes(2));

        var runs = await work.EndedAsync("stubborn", 3);
        Assert.Equal([RunCause.Schedule, RunCause.Retry, RunCause.Retry], runs.Select(run => run.Cause));
        Assert.Equal([1, 2, 3], runs.Select(run => run.Attempt));
        Assert.Equal([RunOutcome.Failed, RunOutcome.Failed, RunOutcome.Succeeded], runs.Select(run => run.Outcome!.Value));
        Assert.All(runs, run => Assert.Equal(JobsAtWork.At("2026-03-01T12:01:00Z"), run.PlannedFor));
        Assert.All(runs, run => Assert.Null(run.Retry));
    }

    [Fact]
    public async Task A_waiting_retry_survives_a_restart_and_is_the_last_one()
    {
        await using var work = await JobsAtWork.StartAsync();
        work.Act = (_, _) => Task.FromResult(RunResult.Bad("never"));
        await work.PutAsync("stubborn", """ "retry": {"attempts": 2, "backoff": "PT1M"} """);
        await work.RunAsync("stubborn");
        await work.EndedAsync("stubborn", 1);
        await work.SettleAsync();

        await work.ReopenAsync();
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        var runs = await work.EndedAsync("stubborn", 2);
        Assert.Equal([RunCause.Manual, RunCause.Retry], runs.Select(run => run.Cause));
        await work.TurnAsync(TimeSpan.FromHours(1));
        await work.ReopenAsync();
        await work.TurnAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, (await work.RunsAsync("stubborn")).Count);
    }

    [Fact]
    public async Task The_retries_of_a_paused_job_wait_until_it_is_resumed()
    {
        await using var work = await JobsAtWork.StartAsync();
        work.Act = (task, _) => Task.FromResult(task.Run.Attempt == 1 ? RunResult.Bad("no") : RunResult.Good);
        await work.PutAsync("stubborn", """ "retry": {"attempts": 2, "backoff": "PT1M"} """);
        await work.RunAsync("stubborn");
        await work.EndedAsync("stubborn", 1);
        await work.Store.Definitions.PauseAsync([Id("stubborn")], true, CancellationToken.None);
        await work.TurnAsync(TimeSpan.FromMinutes(2));
        await work.ReopenAsync();
        await work.TurnAsync(TimeSpan.FromMinutes(2));
        await work.SettleAsync();
        Assert.Single(work.Acted);

        await work.Store.Definitions.PauseAsync([Id("stubborn")], false, CancellationToken.None);
        Assert.Equal(RunCause.Retry, (await work.EndedAsync("stubborn", 2))[1].Cause);
    }

    [Fact]
    public async Task No_more_retries_wait_than_the_limit_allows()
    {
        await using var work = await JobsAtWork.StartAsync(options => options.MaxWaiting = 3);
        work.Act = (_, _) => Task.FromResult(RunResult.Bad("no"));
        await work.PutAsync("stubborn", """ "retry": {"attempts": 2, "backoff": "PT1H"} """);
        for (var n = 1; n <= 6; n++)
        {
            await work.RunAsync("stubborn");
            await work.EndedAsync("stubborn", n);
            await work.SettleAsync();
        }

        Assert.Equal(3, (await work.RunsAsync("stubborn")).Count(run => run.Retry is not null));
    }

    [Theory]
    [InlineData(1, 0.0, 10)]
    [InlineData(1, 1.0, 5)]
    [InlineData(2, 0.0, 20)]
    [InlineData(4, 0.5, 60)]
    [InlineData(99, 0.0, 6 * 3600)]
    public void The_pause_doubles_and_a_random_part_of_up_to_a_half_is_subtracted(int attempt, double chance, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new RetryPolicy(100, TimeSpan.FromSeconds(10)).DelayAfter(attempt, chance));
}
