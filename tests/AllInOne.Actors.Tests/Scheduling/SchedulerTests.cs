namespace AllInOne.Actors.Tests.Scheduling;

public sealed class SchedulerTests : ActorTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_message_is_sent_once_after_its_delay()
    {
        System.Scheduler.ScheduleTellOnce(Short, Probe.Ref, "later", ActorRefs.NoSender);

        await ExpectAsync("later");
        await Probe.ExpectNoMsgAsync(Short * 3);
    }

    [Fact]
    public async Task A_periodic_message_is_sent_until_it_is_cancelled()
    {
        var cancel = System.Scheduler.ScheduleTellRepeatedlyCancelable(Short, Short, Probe.Ref, "tick", ActorRefs.NoSender);
        await ExpectAsync("tick", "tick");

        cancel.Cancel();
        Probe.Ref.Tell("called off", ActorRefs.NoSender);
        await Probe.FishForMessageAsync<string>(text => text == "called off");
        await Probe.ExpectNoMsgAsync(Short * 3);
        Assert.True(cancel.IsCancellationRequested);
    }

    [Fact]
    public async Task A_message_that_is_cancelled_in_time_is_not_sent()
    {
        // Long enough that a busy machine can cancel it in time. A message that is scheduled for a later time is not delivered before it.
        var delay = Short * 6;
        var cancel = System.Scheduler.ScheduleTellOnceCancelable(delay, Probe.Ref, "never", ActorRefs.NoSender);
        cancel.Cancel();
        System.Scheduler.ScheduleTellOnce(delay, Probe.Ref, "later", ActorRefs.NoSender);

        await ExpectAsync("later");
    }

    [Fact]
    public async Task An_action_runs_after_its_delay()
    {
        var ran = new TaskCompletionSource();
        System.Scheduler.Advanced.ScheduleOnce(Short, ran.SetResult);

        await ran.Task.WaitAsync(Patience);
    }
}
