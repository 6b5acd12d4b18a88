using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>The record of a run, and its item, at the end of the run.</summary>
public sealed class RunEndTests
{
    private static readonly DateTimeOffset Noon = At("2026-03-01T12:00:00Z");

    /// <summary>The steady clock shows another time than the wall clock.</summary>
    private static readonly DateTimeOffset Steady = Noon.AddHours(-3);

    [Theory]
    [InlineData(RunOutcome.Succeeded, 1, false)]
    [InlineData(RunOutcome.Failed, 1, true)]
    [InlineData(RunOutcome.Failed, 2, true)]
    [InlineData(RunOutcome.Failed, 3, false)]
    [InlineData(RunOutcome.TimedOut, 2, true)]
    [InlineData(RunOutcome.Lost, 2, true)]
    [InlineData(RunOutcome.Lost, 3, false)]
    [InlineData(RunOutcome.Cancelled, 1, false)]
    public void A_run_is_retried_while_it_has_attempts_and_was_not_cancelled(RunOutcome outcome, int attempt, bool retries)
    {
        var end = EndOf(RunOf(attempt), outcome, Work(attempts: 3));
        Assert.Equal((outcome, Noon), (end.Record.Outcome!.Value, end.Record.Ended!.Value));
        Assert.Equal(retries ? Steady.AddSeconds(10 * Math.Pow(2, attempt - 1)) : null, end.Record.Retry);
        Assert.Equal(end.Record.Retry, end.RetryAt);
        Assert.Null(end.Item);
    }

    [Theory]
    [InlineData(RunOutcome.Failed, 1, true)]
    [InlineData(RunOutcome.Failed, 2, false)]
    [InlineData(RunOutcome.Lost, 2, true)]
    [InlineData(RunOutcome.Lost, 4, true)]
    [InlineData(RunOutcome.Lost, 5, false)]
    [InlineData(RunOutcome.Cancelled, 1, false)]
    public void An_item_waits_for_its_next_attempt_or_is_dead(RunOutcome outcome, int attempt, bool waits)
    {
        var item = ItemOf(attempt);
        var end = EndOf(RunOf(attempt) with { Item = item.Id }, outcome, Work(attempts: 2), item);
        Assert.Null(end.Record.Retry);
        Assert.Equal(!waits, end.IsItemDead);
        Assert.Equal(waits ? attempt + 1 : attempt, end.Item!.Attempt);
        Assert.Equal("broken", end.Item.Error);
        Assert.Equal(waits ? end.RetryAt!.Value : item.Due, end.Item.Due);
    }

    [Fact]
    public void An_item_leaves_the_queue_when_its_run_succeeds_or_its_job_is_deleted()
    {
        Assert.Null(EndOf(RunOf(1), RunOutcome.Succeeded, Work(attempts: 2), ItemOf(1)).Item);
        var deleted = EndOf(RunOf(1), RunOutcome.Failed, null, ItemOf(1));
        Assert.Equal((null, null), (deleted.Item, deleted.RetryAt));
    }

    [Fact]
    public void Beyond_the_limit_of_pending_retries_only_items_are_retried()
    {
        Assert.Null(EndOf(RunOf(1), RunOutcome.Failed, Work(attempts: 3), mayRetry: false).RetryAt);
        Assert.NotNull(EndOf(RunOf(1), RunOutcome.Failed, Work(attempts: 3), ItemOf(1), mayRetry: false).RetryAt);
    }

    private static RunEnd EndOf(Run run, RunOutcome outcome, Job? job, QueueItem? item = null, bool mayRetry = true) =>
        RunEnd.Of(run, job, item, new RunResult(outcome, "broken"), mayRetry, Noon, Steady, chance: 0);

    private static Job Work(int attempts) => new(
        Id("work"), 1, JobDefinition.Of(new JobAction.None()) with { Retry = new RetryPolicy(attempts, TimeSpan.FromSeconds(10)) }, Noon, Noon, Noon, false, false);

    private static Run RunOf(int attempt) => new(new RunId(1), Id("work"), RunCause.Manual, null, null, Noon.AddSeconds(-1), null, attempt, "", null, null, null, null);

    private static QueueItem ItemOf(int attempt) => new(7, Id("work"), null, default, Noon, Steady, attempt, null, false);
}
