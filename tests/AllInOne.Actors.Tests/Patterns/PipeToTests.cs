namespace AllInOne.Actors.Tests.Patterns;

public sealed class PipeToTests : ActorTest
{
    [Fact]
    public async Task A_result_is_told_with_the_given_sender()
    {
        var sender = StartPuppet();
        await Task.FromResult(42).PipeTo(Probe.Ref, sender);

        await ExpectAsync(42);
        Assert.Equal(sender, Probe.LastSender);
    }

    [Fact]
    public async Task A_failure_is_told_as_a_status()
    {
        var failure = Failure();
        await Task.FromException<int>(failure).PipeTo(Probe.Ref);

        var cause = (await Probe.ExpectMsgAsync<Status.Failure>()).Cause;
        Assert.Same(failure, cause is AggregateException wrapped ? wrapped.InnerException : cause);
    }

    [Fact]
    public async Task Cancellation_is_told_as_a_failure()
    {
        await Task.FromCanceled<int>(new CancellationToken(true)).PipeTo(Probe.Ref);

        await Probe.ExpectMsgAsync<Status.Failure>();
    }

    [Fact]
    public async Task Result_and_failure_can_be_made_into_messages_of_one_s_own()
    {
        await Task.FromResult(42).PipeTo(Probe.Ref, success: number => $"got {number}", failure: cause => $"failed: {cause.Message}");
        await Task.FromException<int>(Failure("why")).PipeTo(Probe.Ref, success: number => $"got {number}", failure: _ => "failed");

        await ExpectAsync("got 42", "failed");
    }

    [Fact]
    public async Task A_message_that_cannot_be_made_of_a_result_is_told_as_a_failure()
    {
        await Task.FromResult(42).PipeTo(Probe.Ref, success: _ => throw Failure("no message"));

        await Probe.ExpectMsgAsync<Status.Failure>();
    }

    [Fact]
    public async Task An_answer_and_a_timeout_are_piped_alike()
    {
        var actor = StartPuppet();
        await actor.Ask<int>(new Do(context => context.Sender.Tell(42, context.Self)), Patience).PipeTo(Probe.Ref);
        await actor.Ask<int>(new Do(_ => { }), TimeSpan.FromMilliseconds(20)).PipeTo(Probe.Ref);

        await ExpectAsync(42);
        var cause = (await Probe.ExpectMsgAsync<Status.Failure>()).Cause;
        Assert.IsType<AskTimeoutException>(cause is AggregateException wrapped ? wrapped.InnerException : cause);
    }

    [Fact]
    public async Task A_task_without_a_result_tells_its_end_where_a_message_is_given()
    {
        await Task.CompletedTask.PipeTo(Probe.Ref);
        await Task.CompletedTask.PipeTo(Probe.Ref, success: () => "done");
        await Task.FromException(Failure()).PipeTo(Probe.Ref);

        await ExpectAsync("done");
        await Probe.ExpectMsgAsync<Status.Failure>();
    }

    [Fact]
    public async Task An_actor_pipes_to_itself_and_goes_on_meanwhile()
    {
        var gate = new TaskCompletionSource<string>();
        var actor = StartPuppet();
        actor.Tell(new Do(context => gate.Task.PipeTo(context.Self)), ActorRefs.NoSender);
        actor.Tell("meanwhile", ActorRefs.NoSender);
        await ExpectAsync("meanwhile");

        gate.SetResult("result");

        await ExpectAsync("result");
    }
}
