using AllInOne.Core.Events.History;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>Runs, on a clock that the test moves.</summary>
public sealed class JobRunsTests
{
    [Fact]
    public async Task A_job_runs_at_its_times_and_each_run_leaves_a_record()
    {
        await using var work = await StartAsync();
        await work.PutAsync("tick", """ "schedule": {"cron": "*/5 * * * *"} """);
        Assert.Equal(At("2026-03-01T12:05:00Z"), work.Store.Definitions.Find(Id("tick"))!.Next(work.Clock.GetUtcNow(), 1)[0]);

        await work.TurnAsync(TimeSpan.FromMinutes(5));
        await work.EndedAsync("tick", 1);
        await work.TurnAsync(TimeSpan.FromMinutes(5));

        var runs = await work.EndedAsync("tick", 2);
        Assert.Equal([At("2026-03-01T12:05:00Z"), At("2026-03-01T12:10:00Z")], runs.Select(run => run.PlannedFor!.Value));
        Assert.All(runs, run => Assert.Equal((RunCause.Schedule, RunOutcome.Succeeded, 1), (run.Cause, run.Outcome!.Value, run.Attempt)));
        Assert.All(runs, run => Assert.Equal(32, run.Trace.Length));
    }

    [Fact]
    public async Task Every_and_at_run_at_their_times_and_a_changed_schedule_applies_at_once()
    {
        await using var work = await StartAsync();
        await work.PutAsync("often", """ "schedule": {"every": "PT90S"} """);
        await work.PutAsync("once", """ "schedule": {"at": "2026-03-01T12:01:00Z"} """);
        await work.PutAsync("over", """ "schedule": {"at": "2026-03-01T11:00:00Z"} """);

        await work.TurnAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(At("2026-03-01T12:01:00Z"), (await work.EndedAsync("once", 1))[0].PlannedFor);
        await work.TurnAsync(TimeSpan.FromSeconds(30));
        await work.EndedAsync("often", 1);

        await work.PutAsync("often", """ "schedule": {"every": "PT10M"} """);
        await work.TurnAsync(TimeSpan.FromMinutes(9));
        Assert.Single(await work.EndedAsync("often", 1));
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(At("2026-03-01T12:11:30Z"), (await work.EndedAsync("often", 2))[1].PlannedFor);
        Assert.Empty(await work.RunsAsync("over"));
        Assert.Single(await work.RunsAsync("once"));
    }

    [Fact]
    public async Task Run_now_begins_a_run_that_is_stored_and_a_failure_is_its_outcome()
    {
        await using var work = await StartAsync();
        await work.PutAsync("tick");
        work.Act = (task, _) =>
        {
            task.Output.Write("half of it");
            throw new InvalidOperationException("it broke");
        };
        var begun = await work.RunAsync("tick");
        Assert.NotNull(await work.Store.Runs.FindAsync(Id("tick"), begun.Id, CancellationToken.None));

        Assert.Null(Assert.Single(await work.EndedAsync("tick", 1)).Output);
        var run = (await work.Store.Runs.FindAsync(Id("tick"), begun.Id, CancellationToken.None))!;
        Assert.Equal((begun.Id, RunCause.Manual, RunOutcome.Failed, "it broke", "half of it"), (run.Id, run.Cause, run.Outcome!.Value, run.Error, run.Output));
        Assert.IsType<RunNowResult.NoJob>(await work.Store.Runs.StartAsync(Id("nobody"), CancellationToken.None));
        Assert.Equal(1, work.Store.CountersOf(Id("tick")).Completed(RunOutcome.Failed));
        Assert.Equal("it broke", work.Store.CountersOf(Id("tick")).Last!.Error);
    }

    [Fact]
    public async Task A_run_whose_record_cannot_be_stored_starts_a_little_later()
    {
        await using var work = await StartAsync();
        await work.PutAsync("tick", """ "schedule": {"at": "2026-03-01T12:01:00Z"} """);
        var taken = (At("2026-03-01T12:01:00Z") - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        await work.ChangeAsync($"INSERT INTO runs (id, job, cause, outcome, started, attempt, trace) VALUES ({taken}, 'other', 0, 0, 0, 1, '')");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.SettleAsync();
        Assert.Empty(work.Acted);

        await Until.TrueAsync(() =>
        {
            work.Clock.Advance(TimeSpan.FromSeconds(1));
            return work.Acted.Count == 1;
        });
        Assert.Equal((RunCause.Schedule, At("2026-03-01T12:01:00Z")), (await work.EndedAsync("tick", 1)).Select(run => (run.Cause, run.PlannedFor!.Value)).Single());
    }

    [Fact]
    public async Task All_old_records_are_deleted_although_a_run_among_them_still_runs()
    {
        await using var work = await StartAsync(options => options.RunRetention = TimeSpan.FromHours(1));
        using var gate = new SemaphoreSlim(0);
        await work.PutAsync("slow", """ "timeout": "P1D" """);
        await work.PutAsync("work", """ "concurrency": 100 """);
        work.Act = (task, stop) => task.Job.Id == Id("slow") ? Behind(gate)(task, stop) : Task.FromResult(RunResult.Good);
        await work.RunAsync("slow");
        await Task.WhenAll(Enumerable.Range(0, 1100).Select(_ => work.EnqueueAsync("work")));
        await work.EndedAsync("work", 1000);
        await Until.TrueAsync(() => work.Store.CountersOf(Id("work")).Queued == 0);
        await work.SettleAsync();
        work.Clock.Advance(TimeSpan.FromHours(2));

        var retention = new RetentionAction(work.Storage.Main, work.Storage.History, new HistoryOptions(), work.Options, work.Clock);
        var output = new RunOutput(100);
        var task = new RunTask((await work.RunsAsync("slow"))[0], work.Store.Definitions.Find(Id("slow"))!, default, output);
        await retention.ActAsync(new JobAction.Retention(RetentionOf.Runs), task, CancellationToken.None);
        Assert.Equal("1100 deleted", output.Text());
        Assert.Single(await work.RunsAsync("slow"));
        gate.Release();
    }

    [Fact]
    public async Task A_record_that_is_too_old_only_because_the_clock_was_set_forward_is_kept_for_an_hour()
    {
        await using var work = await StartAsync(options => options.RunRetention = TimeSpan.FromDays(30));
        await work.PutAsync("work");
        await work.RunAsync("work");
        await work.EndedAsync("work", 1);
        work.Clock.SetWall(TimeSpan.FromDays(365));
        Assert.StartsWith("0 deleted; the clock went forward by 365.00:00:00 ", await SweepAsync(), StringComparison.Ordinal);
        work.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.StartsWith("0 deleted; the clock went forward by 365.00:00:00 ", await SweepAsync(), StringComparison.Ordinal);
        Assert.Single(await work.RunsAsync("work"));
        work.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("1 deleted", await SweepAsync());

        async Task<string?> SweepAsync()
        {
            var retention = new RetentionAction(work.Storage.Main, work.Storage.History, new HistoryOptions(), work.Options, work.Clock);
            var task = new RunTask(work.Acted[0].Run, work.Store.Definitions.Find(Id("work"))!, default, new RunOutput(1000));
            await retention.ActAsync(new JobAction.Retention(RetentionOf.Runs), task, CancellationToken.None);
            return task.Output.Text();
        }
    }

    [Fact]
    public async Task A_thousand_jobs_due_in_the_same_second_all_run_once()
    {
        await using var work = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => work.PutAsync($"job-{n}", """ "schedule": {"cron": "0 13 * * *"} """)));
        await work.TurnAsync(TimeSpan.FromHours(1));

        await Until.TrueAsync(() => work.Store.Figures.All.Completed(RunOutcome.Succeeded) == 1000, () => $"{work.Store.Figures.All.Completed(RunOutcome.Succeeded)}");
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1000, work.Acted.Select(task => task.Job.Id).Distinct().Count());
        Assert.Equal(1000, work.Acted.Count);
    }

    [Fact]
    public async Task A_run_that_takes_too_long_is_cancelled_and_a_run_that_ignores_the_token_is_abandoned()
    {
        await using var work = await StartAsync();
        await work.PutAsync("slow", """ "timeout": "PT30S" """);
        work.Act = async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return RunResult.Good;
        };
        await work.RunAsync("slow");
        await work.BegunAsync(1);
        await work.TurnAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(RunOutcome.TimedOut, (await work.EndedAsync("slow", 1))[0].Outcome);

        var never = new TaskCompletionSource<RunResult>();
        var told = new TaskCompletionSource();
        work.Act = (_, stop) =>
        {
            stop.Register(told.SetResult);
            return never.Task;
        };
        await work.RunAsync("slow");
        await work.BegunAsync(2);
        await work.TurnAsync(TimeSpan.FromSeconds(30));
        // The token is cancelled, so the grace period runs.
        await told.Task.WaitAsync(Until.Limit);
        await work.TurnAsync(work.Options.StopGrace + TimeSpan.FromSeconds(2));
        var deaf = (await work.EndedAsync("slow", 2))[1];
        Assert.Equal(RunOutcome.TimedOut, deaf.Outcome);
        Assert.Contains("has not ended", deaf.Error, StringComparison.Ordinal);
        never.SetResult(RunResult.Good);
    }

    [Fact]
    public async Task A_run_is_cancelled_by_its_id_and_its_actor_may_be_stopped()
    {
        await using var work = await StartAsync();
        await work.PutAsync("slow");
        work.Act = async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return RunResult.Good;
        };
        var run = await work.RunAsync("slow");
        Assert.False(await work.Store.Runs.CancelAsync(Id("other"), run.Id, CancellationToken.None));
        Assert.True(await work.Store.Runs.CancelAsync(Id("slow"), run.Id, CancellationToken.None));
        Assert.Equal(RunOutcome.Cancelled, (await work.EndedAsync("slow", 1))[0].Outcome);
        Assert.False(await work.Store.Runs.CancelAsync(Id("slow"), run.Id, CancellationToken.None));

        var second = await work.RunAsync("slow");
        await work.StopActorAsync($"/user/jobs/runs/slow-{second.Id}");
        var stopped = (await work.EndedAsync("slow", 2))[1];
        Assert.Equal((RunOutcome.Cancelled, "Its actor was stopped."), (stopped.Outcome!.Value, stopped.Error));
    }
}
