using Akka.Actor;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Live;

public sealed class ActorAddressTests : IAsyncDisposable
{
    private readonly ActorSystem _system = TestSystem.Create("address-tests");
    private readonly List<object> _refused = [];
    private readonly ActorAddress _address;

    public ActorAddressTests() => _address = new ActorAddress(3, (message, _) => _refused.Add(message));

    [Fact]
    public async Task What_is_told_before_the_actor_is_there_reaches_it_in_order()
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
    public async Task What_the_dead_one_had_not_handled_comes_before_what_was_told_while_it_was_away()
    {
        var (first, second) = (_system.CreateProbe(), _system.CreateProbe());
        _address.Attach(first.Ref);
        _address.Reclaim(first.Ref, "left 1", null);
        _address.Detach();
        _address.Tell("new");
        _address.Reclaim(first.Ref, "left 2", null);
        _address.Attach(second.Ref);
        _address.Reclaim(first.Ref, "straggler", null);
        await second.ExpectMsgAsync("left 1");
        await second.ExpectMsgAsync("left 2");
        await second.ExpectMsgAsync("new");
        await second.ExpectMsgAsync("straggler");
        Assert.Equal(second.Ref, _address.Current);
    }

    [Fact]
    public async Task More_than_may_be_kept_is_refused()
    {
        foreach (var message in (string[])["a", "b", "c", "d"])
        {
            _address.Tell(message);
        }

        Assert.Equal(["d"], _refused);
        var probe = _system.CreateProbe();
        _address.Attach(probe.Ref);
        await probe.ExpectMsgAsync("a");
    }

    [Fact]
    public async Task A_question_waits_for_the_actor_and_for_its_answer()
    {
        var probe = _system.CreateProbe();
        var asking = _address.AskAsync("?", TimeSpan.FromSeconds(30), CancellationToken.None);
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
}
