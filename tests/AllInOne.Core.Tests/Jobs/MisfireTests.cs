using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Running;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>Times that came while the server did not run.</summary>
public sealed class MisfireTests
{
    private const string Daily = """ "schedule": {"cron": "0 6 * * *", "timeZone": "Europe/Zagreb"} """;

    [Theory]
    [InlineData("runOnce")]
    [InlineData("runAll")]
    [InlineData("skip")]
    public async Task After_three_days_of_downtime_each_policy_starts_its_runs(string policy)
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("report", $""" {Daily}, "misfire": "{policy}" """);
        await work.StopAsync();
        work.Clock.Advance(TimeSpan.FromDays(3));
        await work.StartAgainAsync();
        await work.SettleAsync();

        var runs = await work.EndedAsync("report", policy == "runAll" ? 3 : policy == "runOnce" ? 1 : 0);
        DateTimeOffset[] missed = [JobsAtWork.At("2026-03-02T05:00:00Z"), JobsAtWork.At("2026-03-03T05:00:00Z"), JobsAtWork.At("2026-03-04T05:00:00Z")];
        Assert.Equal(policy switch { "runAll" => missed, "runOnce" => missed[2..], _ => [] }, runs.Select(run => run.PlannedFor!.Value));
        Assert.All(runs, run => Assert.Equal(policy == "runAll" ? RunCause.CatchUp : RunCause.Misfire, run.Cause));

        // A time that was handled is not missed again, and the next time comes as usual.
        await work.ReopenAsync();
        await work.TurnToAsync("2026-03-05T05:00:00Z");
        var last = (await work.EndedAsync("report", runs.Count + 1))[^1];
        Assert.Equal((RunCause.Schedule, JobsAtWork.At("2026-03-05T05:00:00Z")), (last.Cause, last.PlannedFor!.Value));
        Assert.Equal(runs.Count + 1, (await work.RunsAsync("report")).Count);
    }

    [Fact]
    public async Task Of_too_many_missed_times_the_last_ones_run_one_after_another()
    {
        await using var work = await JobsAtWork.StartAsync(options => options.MaxWaiting = 5);
        await work.PutAsync("tick", """ "schedule": {"every": "PT1S"}, "misfire": "runAll" """);
        await work.StopAsync();
        work.Clock.Advance(TimeSpan.FromDays(3));
        var (running, most) = (0, 0);
        work.Act = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return RunResult.Good;
        };
        await work.StartAgainAsync();
        await work.SettleAsync();

        // The first run starts, and five wait. A time that is not missed any more is skipped, because five runs wait already.
        var runs = await work.EndedAsync("tick", 5);
        Assert.Equal(1, most);
        Assert.Equal(runs.OrderBy(run => run.PlannedFor), runs);
        Assert.True(work.Clock.GetUtcNow() - runs[0].PlannedFor!.Value < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_process_that_stood_still_has_missed_the_times_of_its_pause()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("tick", """ "schedule": {"cron": "*/10 * * * *"} """);
        await work.JumpAsync(TimeSpan.FromMinutes(65));

        var run = (await work.EndedAsync("tick", 1))[0];
        await work.SettleAsync();
        Assert.Equal((RunCause.Misfire, JobsAtWork.At("2026-03-01T13:00:00Z")), (run.Cause, run.PlannedFor!.Value));
        Assert.Single(await work.RunsAsync("tick"));
    }

    [Fact]
    public async Task A_time_that_is_due_while_a_job_is_paused_or_not_enabled_is_skipped()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("tick", """ "schedule": {"cron": "*/10 * * * *"}, "tags": ["night"] """);
        await work.PutAsync("off", """ "schedule": {"cron": "*/10 * * * *"}, "enabled": false """);
        Assert.Single(await work.Store.Definitions.PauseAsync([Id("tick"), Id("nobody")], true, CancellationToken.None));
        Assert.Empty(work.Store.Definitions.Find(Id("tick"))!.Next(work.Clock.GetUtcNow(), 3));
        await work.TurnAsync(TimeSpan.FromMinutes(25));
        await work.ReopenAsync();
        Assert.True(work.Store.Definitions.Find(Id("tick"))!.Paused);
        await work.TurnAsync(TimeSpan.FromMinutes(25));

        await work.Store.Definitions.PauseAsync([Id("tick")], false, CancellationToken.None);
        await work.PutAsync("off", """ "schedule": {"cron": "*/10 * * * *"} """);
        await work.SettleAsync();
        Assert.Empty(work.Acted);
        await work.TurnAsync(TimeSpan.FromMinutes(10));
        Assert.Single(await work.EndedAsync("tick", 1));
        Assert.Single(await work.EndedAsync("off", 1));
    }
}
