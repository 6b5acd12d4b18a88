namespace AllInOne.Actors.Tests.Patterns;

/// <summary>A question that has ended leaves nothing behind: no timer, no registration, no way back to the one who asked.</summary>
public sealed class AskForgetsTests : ActorTest
{
    private const int Questions = 200;
    private static readonly TimeSpan Far = TimeSpan.FromHours(1);
    private readonly Forgotten _left = new();

    [Fact]
    public async Task An_answered_question_is_forgotten_long_before_its_timeout()
    {
        var actor = StartPuppet();
        await AskAndHearAsync(question => actor.Ask<object>(question, Far));

        await _left.ExpectAllAsync(spared: 2);
    }

    [Fact]
    public async Task An_answered_question_is_forgotten_by_the_one_who_could_have_cancelled_it()
    {
        using var cancel = new CancellationTokenSource();
        var actor = StartPuppet();
        await AskAndHearAsync(question => actor.Ask<object>(question, Far, cancel.Token));

        await _left.ExpectAllAsync(spared: 2);
        await cancel.CancelAsync();
    }

    [Fact]
    public async Task A_question_without_an_answer_is_forgotten_after_its_timeout()
    {
        var actor = StartPuppet();
        await AskInVainAsync<AskTimeoutException>(question => actor.Ask<object>(question, TimeSpan.FromMilliseconds(20)));
        await SettledAsync(actor);

        await _left.ExpectAllAsync(spared: 2);
    }

    [Fact]
    public async Task A_cancelled_question_is_forgotten()
    {
        using var cancel = new CancellationTokenSource();
        var actor = StartPuppet();
        var vain = AskInVainAsync<OperationCanceledException>(question => actor.Ask<object>(question, Far, cancel.Token));
        await SettledAsync(actor);
        await cancel.CancelAsync();
        await vain;
        await SettledAsync(actor);

        await _left.ExpectAllAsync(spared: 2);
    }

    [Fact]
    public async Task The_one_who_asked_is_gone_with_the_answer()
    {
        var asker = await StartPuppet().Ask<IActorRef>(new Do(context => context.Sender.Tell(context.Sender, context.Self)), Far);

        await Probe.ExpectTerminatedAsync(asker);
    }

    private async Task AskAndHearAsync(Func<Do, Task<object>> ask) =>
        await Task.WhenAll(Enumerable.Range(0, Questions).Select(_ => ask(Question(answered: true))));

    private async Task AskInVainAsync<TException>(Func<Do, Task<object>> ask)
        where TException : Exception =>
        await Task.WhenAll(
            Enumerable.Range(0, Questions).Select(_ => Assert.ThrowsAnyAsync<TException>(() => ask(Question(answered: false)))));

    private Do Question(bool answered) => new(context =>
    {
        _left.Add(context.Sender);
        if (answered)
        {
            var answer = new object();
            _left.Add(answer);
            context.Sender.Tell(answer, context.Self);
        }
    });
}
