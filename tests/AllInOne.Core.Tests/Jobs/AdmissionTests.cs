using Akka.Actor;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>The decisions which run starts at which time, without actors, clocks and files.</summary>
public sealed class AdmissionTests
{
    private static readonly DateTimeOffset Noon = At("2026-03-01T12:00:00Z");
    private static readonly IActorRef Caller = ActorRefs.Nobody;

    private readonly JobsOptions _options = new();
    private readonly JobCounters _all = new(null);
    private readonly Admission _admission;
    private long _items;

    public AdmissionTests() => _admission = new Admission(_options, _all);

    [Fact]
    public void A_due_time_starts_one_run()
    {
        Define("tick", EachMinute);
        Assert.Empty(CheckAt(59));
        var run = StartOf(CheckAt(60));
        Assert.Equal((RunCause.Schedule, Noon.AddMinutes(1), Noon.AddMinutes(1), 1), (run.Cause, run.PlannedFor!.Value, run.HandledUpTo!.Value, run.Attempt));
        Assert.Empty(CheckAt(61));
        Assert.Empty(_admission.ConfirmStart(run));
        Assert.Empty(_admission.Complete(run));
    }

    [Fact]
    public void A_time_during_a_run_is_skipped_and_this_is_stored_after_the_run_has_started()
    {
        Define("tick", EachMinute);
        var run = StartOf(CheckAt(60));
        Assert.Empty(CheckAt(120));
        Assert.Equal(1, _all.Skipped);
        // Not earlier: if the process died now, the first time would be lost.
        Assert.Equal([new AdmissionDecision.SkipTimes(Id("tick"), Noon.AddMinutes(2))], _admission.ConfirmStart(run));
        Assert.Equal([new AdmissionDecision.SkipTimes(Id("tick"), Noon.AddMinutes(3))], CheckAt(180));
    }

    [Fact]
    public void With_queue_a_time_during_a_run_waits_for_its_end()
    {
        Define("tick", $"{EachMinute}, \"overlap\": \"queue\"");
        var first = StartOf(CheckAt(60));
        Assert.Empty(CheckAt(120));
        Assert.Empty(CheckAt(180));
        Assert.Equal(2, _all.Waiting);
        var second = StartOf(_admission.Complete(first));
        Assert.Equal(Noon.AddMinutes(2), second.PlannedFor);
        Assert.Equal(Noon.AddMinutes(3), StartOf(_admission.Complete(second)).PlannedFor);
        Assert.Equal(0, _all.Waiting);
    }

    [Fact]
    public void With_allow_runs_of_one_job_take_at_most_three_quarters_of_all_places()
    {
        _options.MaxConcurrent = 4;
        Define("tick", $"{EachMinute}, \"overlap\": \"allow\"");
        Define("other");
        var first = StartOf(CheckAt(60));
        StartOf(CheckAt(120));
        StartOf(CheckAt(180));
        Assert.Empty(CheckAt(240));
        StartOf(_admission.RequestRun(Id("other"), Caller));
        Assert.Equal(Noon.AddMinutes(4), StartOf(_admission.Complete(first)).PlannedFor);
    }

    [Theory]
    [InlineData("runOnce", new[] { 10 }, new[] { RunCause.Misfire })]
    [InlineData("runAll", new[] { 8, 9, 10 }, new[] { RunCause.CatchUp, RunCause.CatchUp, RunCause.CatchUp })]
    [InlineData("skip", new int[0], new RunCause[0])]
    public void Missed_times_run_as_their_policy_says(string policy, int[] minutes, RunCause[] causes)
    {
        _options.MaxWaiting = 3;
        Define("tick", $"{EachMinute}, \"misfire\": \"{policy}\"");
        var decisions = CheckAt((10 * 60) + 30);
        var runs = new List<PendingRun>();
        while (decisions.OfType<AdmissionDecision.Start>().SingleOrDefault() is { } start)
        {
            runs.Add(start.Run);
            decisions = [.. _admission.ConfirmStart(start.Run), .. _admission.Complete(start.Run)];
        }

        Assert.Equal(minutes.Select(minute => Noon.AddMinutes(minute)), runs.Select(run => run.PlannedFor!.Value));
        Assert.Equal(causes, runs.Select(run => run.Cause));
        Assert.Equal(policy == "skip", decisions.Contains(new AdmissionDecision.SkipTimes(Id("tick"), Noon.AddMinutes(10))));
    }

    [Fact]
    public void More_missed_times_than_may_wait_are_a_warning()
    {
        _options.MaxWaiting = 3;
        Define("tick", $"{EachMinute}, \"misfire\": \"runAll\"");
        Assert.Contains(new AdmissionDecision.WarnOfDroppedTimes(Id("tick"), 3), CheckAt((10 * 60) + 30));
    }

    [Fact]
    public void A_schedule_that_fails_is_a_decision_about_its_job_alone()
    {
        var broken = Define("broken", EachMinute);
        Define("tick", EachMinute);
        _admission.Define(broken with { Definition = broken.Definition with { Schedule = new Failing() } }, new JobCounters(_all), Noon);
        var decisions = _admission.CheckAllTimes(Noon.AddMinutes(1));
        Assert.Equal(Id("broken"), Assert.Single(decisions.OfType<AdmissionDecision.Fail>()).Job.Id);
        Assert.Equal(Id("tick"), StartOf(decisions).State.Job!.Id);
    }

    [Fact]
    public void A_requested_run_starts_or_is_refused_or_waits_by_the_overlap_policy()
    {
        Define("skips");
        Define("queues", "\"overlap\": \"queue\"");
        StartOf(_admission.RequestRun(Id("skips"), Caller));
        Assert.Equal([new AdmissionDecision.Answer(Caller, new RunNowResult.Overlaps())], _admission.RequestRun(Id("skips"), Caller));
        Assert.Equal([new AdmissionDecision.Answer(Caller, new RunNowResult.NoJob())], _admission.RequestRun(Id("missing"), Caller));

        var first = StartOf(_admission.RequestRun(Id("queues"), Caller));
        var request = Assert.IsType<AdmissionDecision.StoreRequest>(Assert.Single(_admission.RequestRun(Id("queues"), Caller))).Run;
        Assert.Empty(_admission.CompleteRequest(request, isStored: true));
        var second = StartOf(_admission.Complete(first));
        Assert.Equal((null, true), (second.Caller, second.IsStored));
    }

    [Fact]
    public void A_request_that_was_stored_before_a_stop_runs_after_the_start()
    {
        _admission.Restore(JobOf("report"), Noon, new JobCounters(_all));
        var first = StartOf(_admission.RestoreRequests(Id("report"), 2));
        Assert.True(first.IsStored);
        Assert.True(StartOf(_admission.Complete(first)).IsStored);
    }

    [Fact]
    public void Runs_wait_for_a_place_among_all_runs_in_their_order()
    {
        _options.MaxConcurrent = 2;
        foreach (var id in (string[])["a", "b", "c", "d"])
        {
            Define(id, EachMinute);
        }

        var started = StartsOf(_admission.CheckAllTimes(Noon.AddMinutes(1)));
        Assert.Equal(["a", "b"], started.Select(run => run.State.Job!.Id.Value));
        Assert.Equal(2, _all.Waiting);
        Assert.Equal(Id("c"), StartOf(_admission.Complete(started[1])).State.Job!.Id);
        Assert.Equal(Id("d"), StartOf(_admission.Complete(started[0])).State.Job!.Id);
    }

    [Fact]
    public void Beyond_the_limit_of_waiting_runs_a_time_is_skipped_with_a_warning()
    {
        (_options.MaxConcurrent, _options.MaxPending) = (1, 1);
        foreach (var id in (string[])["a", "b", "c"])
        {
            Define(id, EachMinute);
        }

        var decisions = _admission.CheckAllTimes(Noon.AddMinutes(1));
        // All three came in one step. The first place is given at the end of the step.
        Assert.Equal(Id("a"), StartOf(decisions).State.Job!.Id);
        Assert.Equal(["b", "c"], decisions.OfType<AdmissionDecision.WarnOfFullQueue>().Select(warning => warning.Job!.Value.Value));
        Assert.Equal(2, decisions.OfType<AdmissionDecision.SkipTimes>().Count());
    }

    [Fact]
    public void Items_run_in_their_order_as_many_at_a_time_as_the_job_says()
    {
        Define("work", "\"concurrency\": 2");
        var started = StartsOf(Enqueue(Item("work"), Item("work"), Item("work")));
        Assert.Equal([1, 2], started.Select(run => run.Item!.Id));
        Assert.Equal(3, StartOf(_admission.Complete(started[1])).Item!.Id);
        Assert.Empty(_admission.Complete(started[0]));
    }

    [Fact]
    public void An_item_with_a_delay_waits_for_its_time()
    {
        Define("work");
        Assert.Empty(Enqueue(Item("work", seconds: 20), Item("work", seconds: 10)));
        Assert.Equal(Noon.AddSeconds(10), _admission.NextDue);
        Assert.Empty(_admission.Elapse(Noon.AddSeconds(9)));
        var run = StartOf(_admission.Elapse(Noon.AddSeconds(10)));
        Assert.Equal((RunCause.Queue, 2L), (run.Cause, run.Item!.Id));
        Assert.Equal(Noon.AddSeconds(20), _admission.NextDue);
        Assert.Empty(_admission.Elapse(Noon.AddSeconds(20)));
        Assert.Equal(1, StartOf(_admission.Complete(run)).Item!.Id);
        Assert.Null(_admission.NextDue);
    }

    [Fact]
    public void The_items_of_a_paused_job_wait_and_so_do_its_retries()
    {
        Define("work", "\"concurrency\": 5, \"retry\": {\"attempts\": 3, \"backoff\": \"PT10S\"}");
        var run = StartOf(_admission.RequestRun(Id("work"), Caller));
        _admission.Postpone(run.State, new RunEnd(Failed("work") with { Retry = Noon.AddSeconds(10) }, null, Noon.AddSeconds(10)));
        _admission.Complete(run);
        Define("work", "\"concurrency\": 5", paused: true);
        Assert.Empty(Enqueue(Item("work")));
        Assert.Empty(_admission.Elapse(Noon.AddSeconds(10)));

        var resumed = StartsOf(_admission.Define(JobOf("work", "\"concurrency\": 5"), new JobCounters(_all), Noon));
        Assert.Equal([(RunCause.Retry, 2), (RunCause.Queue, 1)], resumed.Select(one => (one.Cause, one.Attempt)));
        Assert.Equal(new RunId(5), resumed[0].Retried);
    }

    [Fact]
    public void A_run_whose_record_is_not_stored_keeps_its_place_and_starts_a_little_later()
    {
        Define("work");
        var run = StartOf(Enqueue(Item("work"), Item("work")));
        Assert.Empty(_admission.RefuseStart(run, Noon));
        var again = StartOf(_admission.Elapse(_admission.NextDue!.Value));
        Assert.Equal(run.Item!.Id, again.Item!.Id);
        Assert.Equal(2, StartOf(_admission.Complete(again)).Item!.Id);
    }

    [Fact]
    public void A_requested_run_whose_record_is_not_stored_leaves_its_place()
    {
        Define("report");
        var run = StartOf(_admission.RequestRun(Id("report"), Caller));
        Assert.Empty(_admission.RefuseStart(run, Noon));
        Assert.Null(_admission.NextDue);
        StartOf(_admission.RequestRun(Id("report"), Caller));
    }

    [Fact]
    public void With_a_deleted_job_all_its_waiting_runs_and_items_are_gone()
    {
        _options.MaxConcurrent = 1;
        Define("busy");
        Define("gone", "\"concurrency\": 2");
        var busy = StartOf(_admission.RequestRun(Id("busy"), Caller));
        Assert.Empty(_admission.RequestRun(Id("gone"), Caller));
        Assert.Empty(Enqueue(Item("gone"), Item("gone", seconds: 10), Item("gone"), Item("gone")));
        Assert.Equal(4, _all.Queued);
        _admission.Delete(Id("gone"));

        Assert.Equal([new AdmissionDecision.Answer(Caller, new RunNowResult.NoJob())], _admission.Complete(busy));
        Assert.Equal((0, 0L, 0), (_all.Queued, _all.QueuedBytes, _all.Waiting));
        Assert.Empty(_admission.Elapse(Noon.AddSeconds(10)));
        Assert.Empty(Enqueue(Item("gone")));
        Assert.Equal(0, _all.Queued);
        StartOf(_admission.RequestRun(Id("busy"), Caller));
    }

    [Fact]
    public void After_the_clock_was_set_back_a_repeated_time_runs_again_except_a_one_time_schedule()
    {
        Define("tick", EachMinute);
        Define("once", """ "schedule": {"at": "2026-03-01T12:01:00Z"} """);
        foreach (var run in StartsOf(_admission.CheckAllTimes(Noon.AddMinutes(1))))
        {
            _admission.ConfirmStart(run);
            _admission.Complete(run);
        }

        _admission.Rewind(_ => null, Noon);
        Assert.Equal(Id("tick"), StartOf(_admission.CheckAllTimes(Noon.AddMinutes(1))).State.Job!.Id);
    }

    private static string EachMinute => """ "schedule": {"cron": "* * * * *"} """;

    private static Job JobOf(string id, string members = "", bool paused = false) => new(
        Id(id), 1, Definition($$"""{"action": {"type": "none"}{{(members.Length == 0 ? "" : $", {members}")}}}"""), Noon, Noon, Noon, paused, false);

    private static Run Failed(string job) =>
        new(new RunId(5), Id(job), RunCause.Manual, RunOutcome.Failed, null, Noon, Noon, 1, "", null, null, null, "broken");

    private static IReadOnlyList<PendingRun> StartsOf(IEnumerable<AdmissionDecision> decisions) =>
        [.. decisions.OfType<AdmissionDecision.Start>().Select(start => start.Run)];

    private static PendingRun StartOf(IEnumerable<AdmissionDecision> decisions) => Assert.Single(StartsOf(decisions));

    private Job Define(string id, string members = "", bool paused = false)
    {
        var job = JobOf(id, members, paused);
        _admission.Define(job, new JobCounters(_all), Noon);
        return job;
    }

    private IReadOnlyList<AdmissionDecision> CheckAt(int seconds) => _admission.CheckTimes(Id("tick"), Noon.AddSeconds(seconds));

    private QueueItem Item(string job, int seconds = 0) =>
        new(++_items, Id(job), null, new byte[10], Noon, Noon.AddSeconds(seconds), 1, null, false);

    private IReadOnlyList<AdmissionDecision> Enqueue(params QueueItem[] items)
    {
        foreach (var item in items)
        {
            _all.Enqueue(item);
        }

        return _admission.Enqueue(items, Noon);
    }

    private sealed record Failing : JobSchedule
    {
        protected override DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor) => throw new InvalidOperationException("Wrong on purpose.");

        protected override DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor) => throw new InvalidOperationException("Wrong on purpose.");
    }
}
