using Akka.Event;

namespace AllInOne.Actors.Tests.Patterns;

public sealed class AskTests : ActorTest
{
    [Fact]
    public async Task The_first_answer_completes_the_task()
    {
        var actor = StartPuppet();

        Assert.Equal(42, await actor.Ask<int>(Answer(42), Patience));
        Assert.Equal("text", await actor.Ask(Answer("text"), Patience));
    }

    [Fact]
    public async Task No_answer_in_time_is_an_exception_of_its_own()
    {
        var actor = StartPuppet();

        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<int>("question", TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task A_late_answer_becomes_a_dead_letter()
    {
        var letters = Listen<DeadLetter>();
        var actor = StartPuppet();
        var asker = new TaskCompletionSource<IActorRef>();
        await Assert.ThrowsAsync<AskTimeoutException>(
            () => actor.Ask<int>(new Do(context => asker.SetResult(context.Sender)), TimeSpan.FromMilliseconds(20)));

        (await asker.Task.WaitAsync(Patience)).Tell("too late", actor);

        Assert.Equal("too late", (await letters.FishForMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task A_second_answer_becomes_a_dead_letter()
    {
        var letters = Listen<DeadLetter>();
        var actor = StartPuppet();
        await actor.Ask<int>(
            new Do(context =>
            {
                context.Sender.Tell(1, context.Self);
                context.Sender.Tell(2, context.Self);
            }),
            Patience);

        Assert.Equal(2, (await letters.FishForMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task A_failure_as_the_answer_is_thrown()
    {
        var failure = Failure("told");
        var actor = StartPuppet();

        Assert.Same(failure, await Assert.ThrowsAsync<TestFailure>(() => actor.Ask<int>(Answer(new Status.Failure(failure)), Patience)));
    }

    [Fact]
    public async Task A_failure_is_thrown_also_where_any_object_would_do()
    {
        var failure = Failure("told");
        var actor = StartPuppet();

        Assert.Same(failure, await Assert.ThrowsAsync<TestFailure>(() => actor.Ask(Answer(new Status.Failure(failure)), Patience)));
    }

    [Fact]
    public async Task Who_asks_for_a_status_gets_a_failure_as_one()
    {
        var failure = new Status.Failure(Failure());
        var actor = StartPuppet();

        Assert.Same(failure, await actor.Ask<Status.Failure>(Answer(failure), Patience));
        Assert.Same(failure, await actor.Ask<Status>(Answer(failure), Patience));
    }

    [Fact]
    public async Task An_answer_of_another_type_is_an_error()
    {
        var actor = StartPuppet();

        await Assert.ThrowsAsync<ArgumentException>(() => actor.Ask<int>(Answer("text"), Patience));
    }

    [Fact]
    public async Task Cancellation_ends_the_waiting()
    {
        var actor = StartPuppet();
        using var cancel = new CancellationTokenSource();
        var answer = actor.Ask<int>("question", cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_dead_actor_gives_no_answer()
    {
        var letters = Listen<DeadLetter>();
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));

        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<int>("question", TimeSpan.FromMilliseconds(20)));
        Assert.Equal("question", (await letters.FishForMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Very_many_questions_at_once_get_each_its_own_answer()
    {
        var actor = System.ActorOf(Props.Create(() => new Echo()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(number => actor.Ask<int>(number, Patience)));

        Assert.Equal(Enumerable.Range(0, 5_000), answers);
    }

    [Fact]
    public async Task A_selection_can_be_asked()
    {
        System.ActorOf(Props.Create(() => new Echo()), "echo");

        Assert.Equal(7, await System.ActorSelection("/user/echo").Ask<int>(7, Patience));
    }

    private static Do Answer(object answer) => new(context => context.Sender.Tell(answer, context.Self));

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
