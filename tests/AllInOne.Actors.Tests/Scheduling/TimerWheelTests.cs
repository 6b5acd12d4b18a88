namespace AllInOne.Actors.Tests.Scheduling;

public sealed class TimerWheelTests : ActorTest
{
    /// <summary>Much longer than the rounding of the wheel.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Messages_that_are_due_at_the_same_moment_are_sent_in_the_order_of_their_scheduling()
    {
        for (var i = 0; i < 200; i++)
        {
            System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(30), Probe.Ref, i, ActorRefs.NoSender);
        }

        await ExpectAsync([.. Enumerable.Range(0, 200).Cast<object>()]);
    }

    [Fact]
    public async Task A_timer_of_more_than_a_round_of_the_wheel_does_not_fire_too_early()
    {
        var asked = global::System.Diagnostics.Stopwatch.StartNew();
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(2100), Probe.Ref, "late", ActorRefs.NoSender);
        await Probe.ExpectMsgAsync("late");
        Assert.True(asked.ElapsedMilliseconds >= 2100, $"after {asked.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Timers_fire_in_the_order_of_their_times_however_long_they_have_waited()
    {
        // Some of these wait more than a round of the wheel. The later ones below are due between them.
        var clock = global::System.Diagnostics.Stopwatch.StartNew();
        var due = new Dictionary<int, (TimeSpan Earliest, TimeSpan Latest)>();
        foreach (var time in (int[])[1000, 2900, 2300, 2700, 2500])
        {
            Tell(time);
        }

        await ExpectAsync(1000);
        foreach (var time in (int[])[2400, 2800, 2600])
        {
            Tell(time);
        }

        var told = new List<int>();
        while (told.Count < due.Count - 1)
        {
            told.Add(await Probe.ExpectMsgAsync<int>());
        }

        // On a busy machine the test may be slow to schedule a timer, and the timer is late then. The order is that of the times at which the timers
        // were set.
        Assert.Equal([2300, 2400, 2500, 2600, 2700, 2800, 2900], told.Order());
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.True(due[pair.First].Earliest < due[pair.Second].Latest + Tick, string.Join(", ", told)));

        void Tell(int time)
        {
            var before = clock.Elapsed;
            var delay = TimeSpan.FromMilliseconds(Math.Max(0, time - before.TotalMilliseconds));
            System.Scheduler.ScheduleTellOnce(delay, Probe.Ref, time, ActorRefs.NoSender);
            due[time] = (before + delay, clock.Elapsed + delay);
        }
    }

    [Fact]
    public async Task Timers_of_the_far_future_wait_without_waking_the_wheel_and_can_be_cancelled()
    {
        var far = Enumerable.Range(1, 3000).Select(i =>
            System.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromSeconds(4 + (i * 7)), Probe.Ref, "too soon", ActorRefs.NoSender)).ToList();
        far.ForEach(timer => timer.Cancel());
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(4.5), Probe.Ref, "due", ActorRefs.NoSender);
        await Probe.ExpectMsgAsync("due");
    }

    [Fact]
    public async Task A_cancelled_timer_is_removed_and_its_neighbours_stay()
    {
        var timers = Enumerable.Range(0, 30).Select(i =>
            System.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(300), Probe.Ref, i, ActorRefs.NoSender)).ToList();
        for (var i = 0; i < timers.Count; i += 3)
        {
            timers[i].Cancel();
        }

        await ExpectAsync([.. Enumerable.Range(0, 30).Where(i => i % 3 != 0).Cast<object>()]);
    }

    [Fact]
    public async Task An_action_of_the_advanced_scheduler_delays_no_timer()
    {
        using var gate = new ManualResetEventSlim();
        System.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, gate.Wait);
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), Probe.Ref, "due", ActorRefs.NoSender);
        await Probe.ExpectMsgAsync("due");
        gate.Set();
    }
}
