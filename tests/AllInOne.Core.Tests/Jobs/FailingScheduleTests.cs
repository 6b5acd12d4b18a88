using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

public sealed class FailingScheduleTests
{
    private static readonly DateTimeOffset Wrong = JobsAtWork.At("2026-03-01T12:10:00Z");

    [Theory]
    [InlineData(Failure.StandsStill)]
    [InlineData(Failure.GoesBack)]
    [InlineData(Failure.Throws)]
    public async Task A_schedule_that_fails_is_the_problem_of_its_job_and_stops_no_other(Failure failure)
    {
        await using var work = await JobsAtWork.StartAsync();
        await PutAsync(work, "wrong", failure);
        await work.PutAsync("right", """ "schedule": {"cron": "* * * * *"} """);
        for (var minute = 0; minute < 20; minute++)
        {
            await work.TurnAsync(TimeSpan.FromMinutes(1));
            await work.EndedAsync("right", minute + 1);
        }

        Assert.Contains("the schedule", work.Store.Definitions.Find(Id("wrong"))!.Problem, StringComparison.Ordinal);
        // The schedule fails when the next time after the last valid one is calculated.
        var before = (await work.RunsAsync("wrong")).Count;
        Assert.InRange(before, 8, 9);
        Assert.Null(work.Store.Definitions.Find(Id("right"))!.Problem);
        Assert.Empty(work.Store.Definitions.Find(Id("wrong"))!.Next(work.Clock.GetUtcNow(), 3));

        // A new definition repairs the job.
        await work.PutAsync("wrong", """ "schedule": {"cron": "* * * * *"} """);
        await work.SettleAsync();
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        Assert.Null(work.Store.Definitions.Find(Id("wrong"))!.Problem);
        await work.EndedAsync("wrong", before + 1);
    }

    [Theory]
    [InlineData(Failure.StandsStill)]
    [InlineData(Failure.GoesBack)]
    [InlineData(Failure.Throws)]
    public async Task The_next_times_of_a_schedule_that_fails_end_where_it_fails(Failure failure)
    {
        await using var work = await JobsAtWork.StartAsync();
        var job = await PutAsync(work, "wrong", failure);
        var times = job.Next(work.Clock.GetUtcNow(), 100);
        Assert.Equal(times.Distinct().Order(), times);
        Assert.True(times.Count is 9 or 10, $"{times.Count} times");
    }

    private static async Task<Job> PutAsync(JobsAtWork work, string id, Failure failure) => Assert.IsType<JobResult.Done>(await work.Store.Definitions.PutAsync(
        Id(id), JobDefinition.Of(new JobAction.None(), new Failing(failure)), VersionCondition.None, CancellationToken.None)).Job;

    public enum Failure
    {
        StandsStill,
        GoesBack,
        Throws,
    }

    [Fact]
    public async Task A_built_in_job_whose_times_have_all_passed_is_a_note_and_no_reason_to_refuse_the_start()
    {
        await using var work = await JobsAtWork.StartAsync();
        Assert.Empty(work.Readiness.Notes);
        work.BuiltIn["backup"] = JobDefinition.Of(new JobAction.Backup(), JobSchedule.Cron.Parse("0 0 0 1 1 ? 2020", null).Schedule!) with { Description = "Backup:Schedule" };

        await work.ReopenAsync();

        Assert.Contains("Backup:Schedule never comes due", work.Readiness.Notes["backup"], StringComparison.Ordinal);
        Assert.Empty(work.Readiness.Reasons);
    }

    /// <summary>A schedule for each minute. Its calculation fails at ten past twelve.</summary>
    private sealed record Failing(Failure Failure) : JobSchedule
    {
        protected override DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor)
        {
            var next = Minute(time).AddMinutes(1);
            return next < Wrong ? next : Failure switch
            {
                Failure.StandsStill => next == Wrong ? next : Wrong,
                Failure.GoesBack => next == Wrong ? next : anchor,
                _ => throw new InvalidOperationException("Wrong on purpose."),
            };
        }

        protected override DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor) =>
            time < Wrong ? Minute(time) : Failure == Failure.Throws ? throw new InvalidOperationException("Wrong on purpose.") : time.AddTicks(1);

        private static DateTimeOffset Minute(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));
    }
}
