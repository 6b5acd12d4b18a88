using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AllInOne.Core.State.Commands;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The commands of one shard that wait for their turn, first in, first out. Any thread adds; only the shard's actor takes. Bounded: a command
/// above the limit is refused. The queue is not the actor's mailbox, because a shard that is stopped must keep its pending commands for
/// the next incarnation, and because many commands cost one message.
/// </summary>
/// <param name="limit">The most pending commands: <c>State:MaxPending</c>.</param>
internal sealed class CommandQueue(int limit)
{
    private readonly ConcurrentQueue<StateCommand> _commands = new();
    private int _pending;
    private int _isAwake;
    private volatile Action? _wake;
    private volatile string? _closed = "State is still starting.";

    /// <summary>How many commands wait.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Adds a command, or refuses it: when the queue is closed or full. Never blocks.</summary>
    public void Enqueue(StateCommand command)
    {
        if (_closed is { } reason)
        {
            command.Refuse(reason);
            return;
        }

        if (Interlocked.Increment(ref _pending) > limit)
        {
            Interlocked.Decrement(ref _pending);
            command.Refuse("Too many commands wait for this part of the state.");
            return;
        }

        Add(command);
        if (_closed is not null)
        {
            // The queue was closed in between, and Close may not have seen this command.
            RefuseAll();
        }
    }

    /// <summary>Adds a command that belongs to one that was admitted before: neither the limit nor a closed queue refuses it.</summary>
    public void EnqueueAdmitted(StateCommand command)
    {
        Interlocked.Increment(ref _pending);
        Add(command);
    }

    /// <summary>A new incarnation of the actor takes the commands from now on. It is woken at once.</summary>
    /// <param name="wake">Sends it a message that there is work; at most one such message is under way.</param>
    public void Attach(Action wake)
    {
        _wake = wake;
        _isAwake = 1;
        wake();
    }

    /// <summary>Commands are admitted from now on.</summary>
    public void Open() => _closed = null;

    /// <summary>Commands are refused from now on, pending ones too.</summary>
    public void Close(string reason)
    {
        _closed = reason;
        RefuseAll();
    }

    public bool TryDequeue([NotNullWhen(true)] out StateCommand? command)
    {
        if (!_commands.TryDequeue(out command))
        {
            return false;
        }

        Interlocked.Decrement(ref _pending);
        return true;
    }

    /// <summary>Ends a turn: the next command wakes the actor.</summary>
    /// <returns>False when commands are left, so that the actor must take another turn.</returns>
    public bool TrySleep()
    {
        // Before the last look at the queue: a command that is added after that look wakes the actor.
        Interlocked.Exchange(ref _isAwake, 0);
        return _commands.IsEmpty || Interlocked.Exchange(ref _isAwake, 1) != 0;
    }

    private void Add(StateCommand command)
    {
        _commands.Enqueue(command);
        if (Volatile.Read(ref _isAwake) == 0 && Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            _wake?.Invoke();
        }
    }

    private void RefuseAll()
    {
        while (TryDequeue(out var command))
        {
            command.Refuse(_closed ?? "State is stopped.");
        }
    }
}
