using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Values;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>The queue of a job: items are done at least once, in order, with the job's number of runs at a time.</summary>
public sealed class JobQueueTests
{
    [Fact]
    public async Task Items_are_done_in_order_and_are_gone_then()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("work");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(n => work.EnqueueAsync("work", $"{n}")));
        var runs = await work.EndedAsync("work", 100);

        Assert.Equal(work.Acted.Select(task => task.Run.Item!.Value).Order(), work.Acted.Select(task => task.Run.Item!.Value));
        Assert.All(runs, run => Assert.Equal((RunCause.Queue, RunOutcome.Succeeded), (run.Cause, run.Outcome!.Value)));
        Assert.Equal(100, work.Acted.Select(task => System.Text.Encoding.UTF8.GetString(task.Parameters.Span)).Distinct().Count());
        Assert.Equal(0, work.Store.CountersOf(Id("work")).Queued);
        Assert.Empty((await work.Store.Queues.ListAsync(Id("work"), false, 0, 10, CancellationToken.None)).Items);
        await work.ReopenAsync();
        await work.SettleAsync();
        Assert.Equal(100, work.Acted.Count);
    }

    [Fact]
    public async Task As_many_items_run_at_a_time_as_the_job_says_and_waiting_items_survive_a_death()
    {
        await using var work = await JobsAtWork.StartAsync();
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        await work.PutAsync("work", """ "concurrency": 3 """);
        for (var n = 0; n < 10; n++)
        {
            await work.EnqueueAsync("work", $"{n}");
        }

        await work.BegunAsync(3);
        await work.SettleAsync();
        Assert.Equal(3, work.Acted.Count);
        gate.Release(2);
        await work.BegunAsync(5);
        await work.SettleAsync();

        work.Act = (_, _) => Task.FromResult(RunResult.Good);
        await work.DieAsync();
        // Items whose runs were interrupted are tried again after a pause.
        await work.TurnAsync(TimeSpan.FromSeconds(10));
        var runs = await work.EndedAsync("work", 13);
        Assert.Equal(3, runs.Count(run => run.Outcome == RunOutcome.Lost));
        Assert.Equal(10, runs.Where(run => run.Outcome == RunOutcome.Succeeded).Select(run => run.Item).Distinct().Count());
        Assert.Equal(0, work.Store.CountersOf(Id("work")).Queued);
    }

    [Fact]
    public async Task A_delayed_item_waits_for_its_time_also_over_a_restart()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("work");
        await work.EnqueueAsync("work", "1", TimeSpan.FromHours(2));
        await work.TurnAsync(TimeSpan.FromHours(1));
        await work.ReopenAsync();
        await work.SettleAsync();
        Assert.Empty(work.Acted);
        await work.TurnAsync(TimeSpan.FromHours(1));
        Assert.Single(await work.EndedAsync("work", 1));
    }

    [Fact]
    public async Task A_key_is_queued_once_until_its_item_is_done()
    {
        await using var work = await JobsAtWork.StartAsync();
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        await work.PutAsync("work");
        await work.PutAsync("other");
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => work.Store.Queues.EnqueueAsync(Id("work"), default, TimeSpan.Zero, "one", CancellationToken.None)));
        var stored = Assert.Single(results.OfType<EnqueueResult.Stored>()).Item;
        Assert.All(results.OfType<EnqueueResult.KeyTaken>(), taken => Assert.Equal(stored.Id, taken.Item));
        await work.EnqueueAsync("other", key: "one");

        gate.Release(2);
        await work.EndedAsync("work", 1);
        await work.SettleAsync();
        Assert.NotEqual(stored.Id, (await work.EnqueueAsync("work", key: "one")).Id);
        gate.Release();
        Assert.IsType<EnqueueResult.NoJob>(await work.Store.Queues.EnqueueAsync(Id("nobody"), default, TimeSpan.Zero, null, CancellationToken.None));
    }

    [Fact]
    public async Task An_item_that_has_failed_in_all_attempts_is_dead_until_it_is_retried_or_discarded()
    {
        await using var work = await JobsAtWork.StartAsync(options => options.MaxDead = 3);
        work.Act = (_, _) => Task.FromResult(RunResult.Bad("no"));
        await work.PutAsync("work", """ "retry": {"attempts": 2, "backoff": "PT1M"} """);
        var item = await work.EnqueueAsync("work", "1", key: "k");
        await work.EndedAsync("work", 1);
        await work.TurnAsync(TimeSpan.FromMinutes(1));
        await work.EndedAsync("work", 2);
        await work.SettleAsync();

        await work.ReopenAsync();
        await work.TurnAsync(TimeSpan.FromHours(1));
        var dead = Assert.Single((await work.Store.Queues.ListAsync(Id("work"), true, 0, 10, CancellationToken.None)).Items);
        Assert.Equal((item.Id, 2, "no", "k", 1), (dead.Id, dead.Attempt, dead.Error, dead.Key, work.Store.CountersOf(Id("work")).Dead));
        Assert.IsType<EnqueueResult.KeyTaken>(await work.Store.Queues.EnqueueAsync(Id("work"), default, TimeSpan.Zero, "k", CancellationToken.None));

        work.Act = (_, _) => Task.FromResult(RunResult.Good);
        Assert.Equal(1, await work.Store.Queues.SettleDeadAsync(Id("work"), item.Id, retry: true, CancellationToken.None));
        await work.EndedAsync("work", 3);
        Assert.Equal((0, 0), (work.Store.CountersOf(Id("work")).Dead, work.Store.CountersOf(Id("work")).Queued));

        // If there are more dead items than the bound, the oldest are discarded.
        work.Act = (_, _) => Task.FromResult(RunResult.Bad("no"));
        await work.PutAsync("work");
        var last = 0L;
        for (var n = 0; n < 5; n++)
        {
            last = (await work.EnqueueAsync("work")).Id;
            await work.EndedAsync("work", 4 + n);
            await work.SettleAsync();
        }

        var kept = (await work.Store.Queues.ListAsync(Id("work"), true, 0, 10, CancellationToken.None)).Items;
        Assert.Equal((3, last), (kept.Count, kept[^1].Id));
        Assert.Equal(3, await work.Store.Queues.SettleDeadAsync(Id("work"), null, retry: false, CancellationToken.None));
        Assert.Equal(0, work.Store.CountersOf(Id("work")).Dead);
    }

    [Fact]
    public async Task An_item_whose_runs_are_lost_is_tried_five_times_and_then_is_dead()
    {
        await using var work = await JobsAtWork.StartAsync();
        using var gate = new SemaphoreSlim(0);
        work.Act = JobsAtWork.Behind(gate);
        await work.PutAsync("poison");
        await work.EnqueueAsync("poison", "1");
        for (var death = 1; death <= 5; death++)
        {
            await work.BegunAsync(death);
            await work.DieAsync();
            await work.TurnAsync(TimeSpan.FromHours(1));
        }

        await Until.TrueAsync(() => work.Store.CountersOf(Id("poison")).Dead == 1);
        Assert.Equal(5, (await work.EndedAsync("poison", 5)).Count(run => run.Outcome == RunOutcome.Lost));
    }

    [Fact]
    public async Task While_a_job_is_paused_its_items_wait_and_a_deleted_job_has_no_items()
    {
        await using var work = await JobsAtWork.StartAsync();
        await work.PutAsync("work");
        await work.Store.Definitions.PauseAsync([Id("work")], true, CancellationToken.None);
        await work.EnqueueAsync("work", "1");
        await work.SettleAsync();
        Assert.Empty(work.Acted);
        await work.Store.Definitions.PauseAsync([Id("work")], false, CancellationToken.None);
        await work.EndedAsync("work", 1);

        await work.Store.Definitions.PauseAsync([Id("work")], true, CancellationToken.None);
        await work.EnqueueAsync("work", "2", key: "k");
        await work.Store.Definitions.DeleteAsync(Id("work"), VersionCondition.None, CancellationToken.None);
        await work.PutAsync("work");
        await work.EnqueueAsync("work", "3", key: "k");
        await work.EndedAsync("work", 2);
        Assert.Equal(0, work.Store.Figures.All.Queued);
    }

    [Fact]
    public async Task Of_many_items_that_become_dead_at_once_only_the_ones_beyond_the_bound_are_discarded()
    {
        await using var work = await JobsAtWork.StartAsync(options => options.MaxDead = 30);
        using var gate = new SemaphoreSlim(0);
        work.Act = async (_, stop) =>
        {
            await gate.WaitAsync(stop);
            return RunResult.Bad("no");
        };
        await work.PutAsync("work", """ "concurrency": 100 """);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => work.EnqueueAsync("work")));
        await work.BegunAsync(100);
        gate.Release(100);
        await work.EndedAsync("work", 100);
        await work.SettleAsync();

        await Until.TrueAsync(() => work.Store.CountersOf(Id("work")).Dead == 30, () => $"{work.Store.CountersOf(Id("work")).Dead} are kept");
        Assert.Equal(30, (await work.Store.Queues.ListAsync(Id("work"), true, 0, 100, CancellationToken.None)).Items.Count);
    }

    [Fact]
    public async Task A_retry_of_all_dead_items_retries_each_once_although_they_fail_again()
    {
        const int Many = 1005;
        await using var work = await JobsAtWork.StartAsync();
        work.Act = (_, _) => Task.FromResult(RunResult.Bad("no"));
        await work.PutAsync("work", """ "concurrency": 100 """);
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => work.EnqueueAsync("work")));
        await Until.TrueAsync(() => work.Store.CountersOf(Id("work")).Dead == Many);
        await work.SettleAsync();

        Assert.Equal(Many, await work.Store.Queues.SettleDeadAsync(Id("work"), null, retry: true, CancellationToken.None));
        await Until.TrueAsync(() => work.Store.CountersOf(Id("work")).Completed(RunOutcome.Failed) == 2 * Many && work.Store.CountersOf(Id("work")).Dead == Many);
    }

    [Fact]
    public async Task Delayed_items_count_no_more_once_their_job_is_deleted()
    {
        await using var work = await JobsAtWork.StartAsync(options => (options.MaxQueued, options.MaxQueuedBytes) = (1500, 3000));
        await work.PutAsync("work");
        for (var round = 0; round < 3; round++)
        {
            await work.PutAsync("passing");
            await Task.WhenAll(Enumerable.Range(0, 1400).Select(_ => work.EnqueueAsync("passing", "1", TimeSpan.FromHours(1))));
            await work.Store.Definitions.DeleteAsync(Id("passing"), VersionCondition.None, CancellationToken.None);
            await work.SettleAsync();
            Assert.Equal(0, work.Store.Figures.All.Queued);
        }

        await work.EnqueueAsync("work", "2", TimeSpan.FromHours(1));
        await work.TurnAsync(TimeSpan.FromHours(1));
        Assert.Equal(Id("work"), Assert.Single(await work.EndedAsync("work", 1)).Job);
        Assert.Single(work.Acted);
        Assert.Equal(0, work.Store.Figures.All.Queued);
    }

    [Fact]
    public async Task An_item_that_is_enqueued_while_the_runs_are_restored_is_counted_once()
    {
        await using var work = await JobsAtWork.StartAsync(options => options.Timeout = TimeSpan.FromDays(7));
        await work.PutAsync("work", """ "concurrency": 10, "retry": {"attempts": 100, "backoff": "PT1S"} """);
        for (var round = 0; round < 40; round++)
        {
            var enqueued = Task.WhenAll(Enumerable.Range(0, 50).Select(_ => work.EnqueueAsync("work")));
            for (var n = round % 4; n >= 0; n--)
            {
                await work.RestartAsync("/user/jobs/runs");
            }

            await enqueued;
        }

        // Items whose runs the restarts have interrupted are tried again after a pause.
        await Until.TrueAsync(
            () =>
            {
                work.Clock.Advance(TimeSpan.FromSeconds(10));
                return work.Store.CountersOf(Id("work")).Completed(RunOutcome.Succeeded) == 2000 && work.Store.Figures.All.Queued == 0;
            },
            () => $"{work.Store.Figures.All.Queued} are left, {work.Store.CountersOf(Id("work")).Completed(RunOutcome.Succeeded)} have succeeded");
        Assert.Equal((0, 0), (work.Store.Figures.All.Running, work.Store.Figures.All.Waiting));
        Assert.Equal(2000, work.Acted.GroupBy(task => task.Run.Item).Count());
    }

    [Fact]
    public async Task An_item_beyond_the_limit_of_waiting_items_is_refused()
    {
        await using var work = await JobsAtWork.StartAsync(options => (options.MaxQueued, options.MaxParametersBytes) = (3, 8));
        await work.PutAsync("work");
        await work.Store.Definitions.PauseAsync([Id("work")], true, CancellationToken.None);
        for (var n = 0; n < 3; n++)
        {
            await work.EnqueueAsync("work");
        }

        await Assert.ThrowsAsync<UnavailableException>(() => work.EnqueueAsync("work"));
        await Assert.ThrowsAsync<ArgumentException>(() => work.EnqueueAsync("work", "\"too long\""));
    }
}
