using Akka.Actor;
using AllInOne.Actors;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Tests.State.Shards;

public sealed class ShardInboxTests : IAsyncDisposable
{
    private readonly ActorSystem _system = TestSystem.Create("inbox-tests");
    private readonly ShardInbox _inbox = new("/user/state/0", limit: 2);

    public ValueTask DisposeAsync() => new(_system.Terminate());

    [Fact]
    public void Commands_are_refused_before_the_inbox_is_opened_and_after_it_is_closed()
    {
        var (early, late) = (new ProbeCommand(), new ProbeCommand());
        _inbox.Send(early);
        _inbox.Open();
        _inbox.Close("closed by a test");
        _inbox.Send(late);

        Assert.Equal(("State is still starting.", "closed by a test"), (early.Answer, late.Answer));
        Assert.Equal(0, _inbox.Pending);
    }

    [Fact]
    public async Task A_command_above_the_limit_is_refused_and_a_command_that_was_admitted_before_is_not()
    {
        using var gate = new ManualResetEventSlim(false);
        var probe = _system.CreateProbe();
        var actor = _system.ActorOf(Props.Create(() => new Gated(gate, probe.Ref)));
        actor.Tell("first");
        await Until.TrueAsync(() => _system.Inspect(actor.Path.ToStringWithoutAddress()) is { Messages: 1, Mailbox: 0 });
        _inbox.Address.Attach(actor);
        _inbox.Open();
        ProbeCommand[] commands = [new(), new(), new(), new()];
        foreach (var command in commands[..3])
        {
            _inbox.Send(command);
        }

        _inbox.SendAdmitted(commands[3]);

        Assert.Equal(3, _inbox.Pending);
        Assert.NotNull(commands[2].Answer);
        gate.Set();
        await probe.ExpectMsgAsync("first");
        foreach (var command in (ProbeCommand[])[commands[0], commands[1], commands[3]])
        {
            await probe.ExpectMsgAsync(command);
        }

        await Until.TrueAsync(() => _inbox.Pending == 0);
    }

    [Fact]
    public async Task A_command_that_finds_no_actor_is_refused()
    {
        DeadLetterRefusal.Start(_system);
        var probe = _system.CreateProbe();
        _inbox.Address.Attach(probe.Ref);
        _inbox.Open();
        await probe.Ref.GracefulStop(Until.Limit);
        var command = new ProbeCommand();
        _inbox.Send(command);

        await Until.TrueAsync(() => command.Answer is not null);
        Assert.EndsWith("is stopped.", command.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_commands_stay_for_the_next_incarnation()
    {
        _inbox.Open();
        var command = new ProbeCommand();
        _inbox.Send(command);
        var probe = _system.CreateProbe();
        _inbox.Address.Attach(probe.Ref);

        await probe.ExpectMsgAsync(command);
    }

    /// <summary>Passes its messages on while the gate is open.</summary>
    private sealed class Gated : ReceiveActor
    {
        public Gated(ManualResetEventSlim gate, IActorRef to) => ReceiveAny(message =>
        {
            gate.Wait();
            to.Tell(message);
        });
    }
}
