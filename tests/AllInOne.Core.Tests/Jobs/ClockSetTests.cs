using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Tests.Storage;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>Jobs when the wall clock is set. Before that, it is noon of 1 March 2026.</summary>
public sealed class ClockSetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(8760, false)]
    [InlineData(8760, true)]
    public async Task Schedules_continue_within_their_period_when_the_clock_is_set_back(int hours, bool whileStopped)
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("interval", """ "schedule": {"every": "PT90S"} """);
        await work.PutAsync("minute", """ "schedule": {"cron": "* * * * *"} """);
        await work.TurnAsync(Minute);
        await work.EndedAsync("minute", 1);
        await work.TurnAsync(Minute);
        // Wait for all runs that are already due, so that none of them starts later.
        var before = (await work.EndedAsync("interval", 1)).Count + (await work.EndedAsync("minute", 2)).Count;
        await SetAsync(work, -TimeSpan.FromHours(hours), whileStopped);

        var now = work.Store.Now;
        Assert.InRange(work.Store.Definitions.Find(Id("interval"))!.Next(now, 1)[0] - now, Second / 10, TimeSpan.FromSeconds(90));
        Assert.InRange(work.Store.Definitions.Find(Id("minute"))!.Next(now, 1)[0] - now, Second / 10, Minute);
        Assert.Equal(before, work.Acted.Count);
        await work.TurnAsync(TimeSpan.FromSeconds(90));
        await work.EndedAsync("interval", 2);
        var last = (await work.EndedAsync("minute", 3))[^1];
        Assert.InRange(last.PlannedFor!.Value, now, now + TimeSpan.FromSeconds(90));

        // The same after the death of the process: the stored times were corrected too.
        var count = work.Acted.Count;
        await work.DieAsync();
        await work.TurnAsync(TimeSpan.FromSeconds(90));
        await work.BegunAsync(count + 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_one_time_schedule_does_not_run_again_when_its_time_comes_again(bool whileStopped)
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("once", """ "schedule": {"at": "2026-03-01T12:01:00Z"} """);
        await work.TurnAsync(Minute);
        await work.EndedAsync("once", 1);
        await SetAsync(work, -TimeSpan.FromHours(1), whileStopped);
        await work.TurnAsync(TimeSpan.FromHours(2));
        await work.ReopenAsync();
        await work.SettleAsync();

        Assert.Single(await work.RunsAsync("once"));
    }

    [Fact]
    public async Task A_year_forward_and_back_costs_one_run_for_all_missed_times()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("daily", """ "schedule": {"cron": "0 6 * * *"} """);
        await SetAsync(work, TimeSpan.FromDays(365), whileStopped: false);
        Assert.Equal(RunCause.Misfire, Assert.Single(await work.EndedAsync("daily", 1)).Cause);
        await SetAsync(work, -TimeSpan.FromDays(365), whileStopped: false);
        await work.TurnToAsync("2026-03-02T06:00:00Z");

        Assert.Equal(JobsAtWork.At("2026-03-02T06:00:00Z"), (await work.EndedAsync("daily", 2))[^1].PlannedFor);
    }

    [Theory]
    [InlineData(-8760, false)]
    [InlineData(-8760, true)]
    [InlineData(-1, false)]
    [InlineData(1, false)]
    [InlineData(8760, false)]
    public async Task Delays_and_retries_end_after_their_own_time_when_the_clock_is_set(int hours, bool whileStopped)
    {
        await using var work = await JobsAtWork.StartAsync();
        work.Act = (task, _) => Task.FromResult(task.Job.Id == Id("failing") && task.Run.Attempt == 1 ? RunResult.Bad("no") : RunResult.Good);
        await work.PutAsync("worker");
        await work.PutAsync("failing", """ "retry": {"attempts": 2, "backoff": "PT60S"} """);
        await work.EnqueueAsync("worker", delay: Minute);
        await work.RunAsync("failing");
        await work.EndedAsync("failing", 1);
        await SetAsync(work, TimeSpan.FromHours(hours), whileStopped);
        var due = (await work.Store.Queues.ListAsync(Id("worker"), false, 0, 10, default)).Items[0].Due;
        Assert.InRange(due - work.Store.Now, TimeSpan.FromSeconds(58), Minute);
        Assert.InRange((await work.RunsAsync("failing"))[0].Retry!.Value - work.Store.Now, TimeSpan.FromSeconds(28), Minute);
        await work.TurnAsync(TimeSpan.FromSeconds(20));
        Assert.Single(work.Acted);

        // Twice, because a timer that is set while the clock moves starts at the end of the step.
        await work.TurnAsync(Minute);
        await work.TurnAsync(Minute);
        await work.EndedAsync("worker", 1);
        await work.EndedAsync("failing", 2);
    }

    [Theory]
    [InlineData(-1, false, "back by 0.01:00:00")]
    [InlineData(-8760, true, "back by 365.00:00:00")]
    [InlineData(1, false, "forward by 0.01:00:00")]
    public async Task Readiness_has_a_note_when_the_clock_was_set(int hours, bool whileStopped, string note)
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("worker");
        Assert.Empty(work.Readiness.Notes);
        await SetAsync(work, TimeSpan.FromHours(hours), whileStopped);

        Assert.Contains(note, work.Readiness.Notes["clock"], StringComparison.Ordinal);
        Assert.Empty(work.Readiness.Reasons);
    }

    [Fact]
    public async Task Work_from_before_the_clocks_were_stored_is_done_in_its_own_time()
    {
        using var root = new TemporaryDirectory();
        var clock = new FakeClock(JobsAtWork.At("2026-11-29T10:10:00Z"));
        await using var work = await JobsAtWork.StartAsync(clock: clock, directory: EarlierFiles.WriteTo(root["data"]));
        var item = (await work.Store.Queues.ListAsync(Id("mail"), false, 0, 10, default)).Items[0];
        Assert.Equal((JobsAtWork.At("2026-11-29T11:00:52.638494Z"), "welcome"), (item.Due, item.Key));
        Assert.Equal(JobsAtWork.At("2026-11-29T10:47:45.587425Z"), Assert.Single(await work.RunsAsync("failing")).Retry);
        Assert.Equal(JobsAtWork.At("2026-11-29T11:00:00Z"), work.Store.Definitions.Find(Id("hourly"))!.Next(work.Store.Now, 1)[0]);
        await SetAsync(work, -TimeSpan.FromHours(1), whileStopped: false);

        await work.TurnAsync(36 * Minute);
        Assert.Empty(work.Acted);
        await work.TurnAsync(4 * Minute);
        await work.EndedAsync("failing", 2);
        await work.TurnAsync(14 * Minute);
        Assert.Equal(JobsAtWork.At("2026-11-29T10:00:00Z"), (await work.EndedAsync("hourly", 1))[0].PlannedFor);
        await work.EndedAsync("mail", 1);
    }

    [Fact]
    public async Task A_definition_that_is_not_json_keeps_no_other_job_from_the_new_time()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("broken", """ "schedule": {"every": "PT90S"} """);
        await work.PutAsync("minute", """ "schedule": {"cron": "* * * * *"} """);
        await work.TurnAsync(2 * Minute);
        await work.EndedAsync("minute", 1);
        await work.ChangeAsync("UPDATE jobs SET definition = '{' WHERE id = 'broken'");
        await SetAsync(work, -TimeSpan.FromHours(1), whileStopped: false);

        // The values in memory are always right. Only the next start shows the stored values.
        var count = work.Acted.Count;
        await work.DieAsync();
        await work.TurnAsync(2 * Minute);
        await work.BegunAsync(count + 1);
    }

    [Fact]
    public async Task A_time_that_comes_while_a_new_schedule_is_being_stored_is_run()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("job", """ "schedule": {"cron": "0 0 1 1 *"} """);
        await work.TurnAsync(TimeSpan.FromSeconds(50));
        using var held = new HeldCommit();
        work.Storage.Main.Writer.Queue.Enqueue(held);
        await held.Begun;
        var put = work.PutAsync("job", """ "schedule": {"cron": "* * * * *"} """);
        work.Clock.Advance(TimeSpan.FromSeconds(15));
        held.Release();
        await put;

        Assert.Equal(JobsAtWork.At("2026-03-01T12:01:00Z"), (await work.EndedAsync("job", 1))[0].PlannedFor);
    }

    /// <summary>Sets the wall clock, and completes when the jobs have noticed it.</summary>
    private static async Task SetAsync(JobsAtWork work, TimeSpan by, bool whileStopped)
    {
        if (whileStopped)
        {
            await work.StopAsync();
            work.Clock.SetWall(by);
            await work.StartAgainAsync();
        }
        else
        {
            var before = work.Readiness.Notes.GetValueOrDefault("clock");
            work.Clock.SetWall(by);
            work.Clock.Advance(Second);
            await Until.TrueAsync(() =>
            {
                // This is for the timer that was set after the step above.
                work.Clock.Advance(Second / 50);
                return work.Readiness.Notes.GetValueOrDefault("clock") != before;
            });
        }

        await work.SettleAsync();
    }
}
