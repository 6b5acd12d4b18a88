using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs.Definitions;

/// <summary>Definitions in memory and in the file.</summary>
public sealed class JobDefinitionsTests
{
    [Fact]
    public async Task A_stored_schedule_that_is_never_due_is_a_problem_and_a_schedule_that_is_over_can_be_put_again()
    {
        await using var work = await StartAsync();
        await work.PutAsync("never", """ "schedule": {"cron": "0 0 1 2 *"} """);
        var job = await work.PutAsync("over", """ "schedule": {"cron": "0 1 12 1 3 ? 2026"} """);
        await work.PutAsync("tick", """ "schedule": {"cron": "* * * * *"} """);
        await work.ChangeAsync("UPDATE jobs SET definition = replace(definition, '0 0 1 2 *', '0 0 30 2 *') WHERE id = 'never'");
        await work.ReopenAsync();
        Assert.Contains("never comes due", work.Store.Definitions.Find(Id("never"))!.Problem, StringComparison.Ordinal);
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.EndedAsync("tick", 1);
        await work.EndedAsync("over", 1);

        // The only time of this schedule has come. The same schedule may be put again, but a new schedule in the past is refused.
        await work.PutAsync("over", """ "schedule": {"cron": "0 1 12 1 3 ? 2026"}, "description": "done" """);
        Assert.IsType<JobResult.Refused>(await work.Store.Definitions.PutAsync(Id("late"), job.Definition, VersionCondition.None, CancellationToken.None));
        Assert.Null(work.Store.Definitions.Find(Id("late")));
    }

    [Fact]
    public async Task Definitions_are_kept_over_a_restart_with_conditions_on_their_versions()
    {
        await using var work = await StartAsync();
        var first = await work.PutAsync("tick", """ "schedule": {"cron": "0 3 * * *", "timeZone": "Europe/Zagreb"}, "tags": ["a"], "description": "x" """);
        var second = await work.PutAsync("tick", """ "schedule": {"cron": "0 3 * * *", "timeZone": "Europe/Zagreb"}, "overlap": "queue" """);
        Assert.True(second.Version > first.Version);
        Assert.Equal(first.Anchor, second.Anchor);
        var old = new VersionCondition(new VersionSet(false, [first.Version]), null);
        Assert.IsType<JobResult.ConditionFailed>(await work.Store.Definitions.PutAsync(Id("tick"), second.Definition, old, CancellationToken.None));
        Assert.IsType<JobResult.ConditionFailed>(await work.Store.Definitions.DeleteAsync(Id("tick"), old, CancellationToken.None));

        await work.ReopenAsync();
        var back = work.Store.Definitions.Find(Id("tick"))!;
        Assert.Equal((second.Version, OverlapPolicy.Queue), (back.Version, back.Definition.Overlap));
        Assert.IsType<JobResult.Done>(await work.Store.Definitions.DeleteAsync(Id("tick"), VersionCondition.None, CancellationToken.None));
        Assert.IsType<JobResult.NoJob>(await work.Store.Definitions.DeleteAsync(Id("tick"), VersionCondition.None, CancellationToken.None));
        var again = await work.PutAsync("tick");
        Assert.True(again.Version > second.Version, "a version is never used twice");
    }

    [Fact]
    public async Task A_definition_that_cannot_be_read_any_more_is_kept_as_it_is_and_affects_no_other()
    {
        await using var work = await StartAsync();
        await work.PutAsync("tick", """ "schedule": {"every": "PT1M"} """);
        await work.PutAsync("strange", """ "schedule": {"cron": "0 3 * * *", "timeZone": "Europe/Zagreb"} """);
        await work.EnqueueAsync("strange", "1", TimeSpan.FromHours(1));
        await work.ChangeAsync("UPDATE jobs SET definition = replace(definition, 'Zagreb', 'Agram') WHERE id = 'strange'");
        await work.ReopenAsync();
        Assert.Contains("Europe/Agram", work.Store.Definitions.Find(Id("strange"))!.Problem, StringComparison.Ordinal);
        await work.Store.Definitions.PauseAsync([Id("strange")], true, CancellationToken.None);
        await work.Store.Definitions.PauseAsync([Id("strange")], false, CancellationToken.None);
        await work.TurnAsync(TimeSpan.FromDays(1));
        await work.EndedAsync("tick", 1);
        Assert.Empty(await work.RunsAsync("strange"));

        await work.ChangeAsync("UPDATE jobs SET definition = replace(definition, 'Agram', 'Zagreb') WHERE id = 'strange'");
        await work.ReopenAsync();
        Assert.Null(work.Store.Definitions.Find(Id("strange"))!.Problem);
        Assert.Equal(RunOutcome.Succeeded, (await work.EndedAsync("strange", 1))[0].Outcome);
    }

    [Fact]
    public async Task The_list_of_all_jobs_is_in_order_and_shows_each_change()
    {
        await using var work = await StartAsync();
        await work.PutAsync("b");
        await work.PutAsync("a");
        Assert.Equal([Id("a"), Id("b")], work.Store.Definitions.All.Select(job => job.Id));
        Assert.Same(work.Store.Definitions.All, work.Store.Definitions.All);
        await work.Store.Definitions.PauseAsync([Id("b")], true, CancellationToken.None);
        Assert.Equal([false, true], work.Store.Definitions.All.Select(job => job.Paused));
        await work.Store.Definitions.DeleteAsync(Id("a"), VersionCondition.None, CancellationToken.None);
        Assert.Equal(Id("b"), Assert.Single(work.Store.Definitions.All).Id);
        Assert.Equal(1, work.Store.Definitions.Count);
    }
}
