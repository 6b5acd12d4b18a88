using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Shards;

namespace AllInOne.Core.Tests.State.Shards;

public sealed class CommandQueueTests
{
    private readonly CommandQueue _queue = new(limit: 2);
    private int _wakes;

    [Fact]
    public void Commands_are_refused_before_the_queue_is_opened_and_after_it_is_closed()
    {
        var (early, late) = (new ProbeCommand(), new ProbeCommand());
        _queue.Enqueue(early);
        _queue.Open();
        _queue.Close("closed by a test");
        _queue.Enqueue(late);

        Assert.Equal(("State is still starting.", "closed by a test"), (early.Answer, late.Answer));
        Assert.Equal(0, _queue.Pending);
    }

    [Fact]
    public void A_command_above_the_limit_is_refused_and_one_that_was_admitted_before_is_not()
    {
        _queue.Open();
        ProbeCommand[] commands = [new(), new(), new(), new()];
        foreach (var command in commands[..3])
        {
            _queue.Enqueue(command);
        }

        _queue.EnqueueAdmitted(commands[3]);

        Assert.Equal(3, _queue.Pending);
        Assert.NotNull(commands[2].Answer);
        Assert.Equal([commands[0], commands[1], commands[3]], TakeAll());
        Assert.Equal(0, _queue.Pending);
    }

    [Fact]
    public void Closing_refuses_pending_commands()
    {
        _queue.Open();
        var pending = new ProbeCommand();
        _queue.Enqueue(pending);
        _queue.Close("closed by a test");

        Assert.Equal("closed by a test", pending.Answer);
        Assert.False(_queue.TryDequeue(out _));
    }

    [Fact]
    public void Many_commands_wake_the_actor_once_for_a_turn()
    {
        _queue.Open();
        _queue.Attach(() => _wakes++);
        Assert.Equal(1, _wakes);
        _queue.Enqueue(new ProbeCommand());
        Assert.Equal(1, _wakes);

        Assert.False(_queue.TrySleep());
        TakeAll();
        Assert.True(_queue.TrySleep());
        _queue.Enqueue(new ProbeCommand());
        _queue.Enqueue(new ProbeCommand());
        Assert.Equal(2, _wakes);
    }

    [Fact]
    public void Pending_commands_stay_for_the_next_incarnation()
    {
        _queue.Open();
        _queue.Attach(() => { });
        var command = new ProbeCommand();
        _queue.Enqueue(command);
        _queue.Attach(() => _wakes++);

        Assert.Equal(1, _wakes);
        Assert.Equal([command], TakeAll());
    }

    [Fact]
    public async Task No_command_is_left_behind_by_a_sleeping_actor()
    {
        const int Commands = 50_000;
        var queue = new CommandQueue(Commands);
        using var woken = new SemaphoreSlim(0);
        queue.Open();
        queue.Attach(() => woken.Release());
        var taking = Task.Run(async () =>
        {
            for (var taken = 0; taken < Commands;)
            {
                Assert.True(await woken.WaitAsync(TimeSpan.FromSeconds(30)), $"{taken} were taken, {queue.Pending} are pending");
                do
                {
                    while (queue.TryDequeue(out _))
                    {
                        taken++;
                    }
                }
                while (!queue.TrySleep());
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var n = 0; n < Commands / 2; n++)
            {
                queue.Enqueue(new ProbeCommand());
            }
        })));
        await taking;
    }

    private List<StateCommand> TakeAll()
    {
        var taken = new List<StateCommand>();
        while (_queue.TryDequeue(out var command))
        {
            taken.Add(command);
        }

        return taken;
    }
}
