using Akka.Actor;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Supervision;

public sealed class ActorAddressTests : IAsyncDisposable
{
    private readonly ActorSystem _system = TestSystem.Create("address-tests");
    private readonly ActorAddress _address = new("The probe", 3);

    public ActorAddressTests() => DeadLetterRefusal.Start(_system);

    [Fact]
    public async Task Messages_that_are_sent_before_the_actor_exists_reach_it_in_order()
    {
        var probe = _system.CreateProbe();
        _address.Tell("a", probe.Ref);
        _address.Tell("b");
        _address.Attach(probe.Ref);
        _address.Tell("c");
        await probe.ExpectMsgAsync("a");
        Assert.Equal(probe.Ref, probe.LastSender);
        await probe.ExpectMsgAsync("b");
        await probe.ExpectMsgAsync("c");
    }

    [Fact]
    public async Task A_message_beyond_the_limit_of_kept_messages_is_refused()
    {
        var asker = _system.CreateProbe();
        foreach (var text in (string[])["a", "b", "c", "d"])
        {
            _address.Tell(new Question(text), asker.Ref);
        }

        Assert.Equal("The probe is away, and too many messages wait for it.", (await asker.ExpectMsgAsync<Refused>(Until.Limit)).Reason);
        var probe = _system.CreateProbe();
        _address.Attach(probe.Ref);
        foreach (var text in (string[])["a", "b", "c"])
        {
            await probe.ExpectMsgAsync(new Question(text));
        }
    }

    [Fact]
    public async Task An_address_that_keeps_nothing_refuses_at_once()
    {
        var (address, asker) = (new ActorAddress("The probe", 0), _system.CreateProbe());
        address.Tell(new Question("?"), asker.Ref);

        Assert.Equal("The probe is stopped.", (await asker.ExpectMsgAsync<Refused>(Until.Limit)).Reason);
        var refused = await Assert.ThrowsAsync<UnavailableException>(() => address.AskAsync(new Question("?"), Until.Limit, CancellationToken.None));
        Assert.Equal("The probe is stopped.", refused.Message);
    }

    [Fact]
    public async Task A_question_that_finds_no_actor_is_refused()
    {
        var probe = _system.CreateProbe();
        _address.Attach(probe.Ref);
        await probe.Ref.GracefulStop(Until.Limit);

        var refused = await Assert.ThrowsAsync<UnavailableException>(() => _address.AskAsync(new Question("?"), Until.Limit, CancellationToken.None));
        Assert.EndsWith("is stopped.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_waits_for_the_actor_and_for_its_answer()
    {
        var probe = _system.CreateProbe();
        var asking = _address.AskAsync("?", Until.Limit, CancellationToken.None);
        _address.Attach(probe.Ref);
        await probe.ExpectMsgAsync("?");
        probe.Reply("!");
        Assert.Equal("!", await asking);
    }

    [Fact]
    public async Task A_question_without_an_answer_is_unavailable()
    {
        await Assert.ThrowsAsync<UnavailableException>(
            () => _address.AskAsync("?", TimeSpan.FromMilliseconds(20), CancellationToken.None));
        _address.Attach(_system.CreateProbe().Ref);
        await Assert.ThrowsAsync<UnavailableException>(
            () => _address.AskAsync("?", TimeSpan.FromMilliseconds(20), CancellationToken.None));
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private sealed record Question(string Text) : IRefusable;
}
