using System.Collections.Concurrent;
using AllInOne.Core.State.Commands;

namespace AllInOne.Core.State;

/// <summary>
/// The queue of commands: bounded by <c>State:MaxPending</c>, one more is refused. It belongs to the shard and not to the actor's mailbox, so
/// that an actor that crashes or is stopped loses none and reorders none, and a batch of them costs one message.
/// </summary>
internal sealed partial class StateShard
{
    /// <summary>Operations in one turn, some tens of microseconds of them; with a command that has as many once more it stays far below a slice.</summary>
    private const int OperationsPerTurn = 256;

    private readonly ConcurrentQueue<StateCommand> _queue = new();
    private int _pending;
    private int _isAwake;
    private StateCommand? _inHand;
    private object? _owner;
    private volatile Action? _wake;
    private volatile string? _away = "State is still starting.";

    /// <summary>Gives it to the actor. Never waits.</summary>
    public void Enqueue(StateCommand command)
    {
        if (_away is { } reason)
        {
            command.Refuse(reason);
            return;
        }

        if (Interlocked.Increment(ref _pending) > _rules.Options.MaxPending)
        {
            Interlocked.Decrement(ref _pending);
            command.Refuse("Too many commands wait for this part of the state.");
            return;
        }

        Add(command);
        if (_away is not null)
        {
            // It stopped meanwhile, and may not have seen this one.
            RefuseAll();
        }
    }

    /// <summary>An actor begins to work: from now on no other one does.</summary>
    /// <param name="owner">This incarnation.</param>
    /// <param name="wake">Tells it that there is work.</param>
    public void Attach(object owner, Action wake)
    {
        _owner = owner;
        _wake = wake;
        if (Interlocked.Exchange(ref _inHand, null) is { } broken)
        {
            broken.Refuse($"Shard {Number} failed in this command.");
        }

        Recover();
        _isAwake = 1;
        wake();
    }

    /// <summary>Commands are taken from now on.</summary>
    public void Open() => _away = null;

    /// <summary>Commands are refused from now on, those too that wait already. The actor has ended.</summary>
    public void Close(string reason)
    {
        _away = reason;
        Interlocked.Exchange(ref _inHand, null)?.Refuse(reason);
        RefuseAll();
        RefuseWaiting(reason);
    }

    /// <summary>A turn: some commands, and what has come of them.</summary>
    /// <returns>Whether there are more.</returns>
    public bool Work(object owner)
    {
        var left = OperationsPerTurn;
        while (left > 0 && _owner == owner && _queue.TryDequeue(out var command))
        {
            Interlocked.Decrement(ref _pending);
            left -= command.Operations;
            Run(command);
            ServeWaiting();
        }

        if (_owner != owner)
        {
            // It was stuck, and given up: another one works here now.
            return false;
        }

        StoreDurable();
        // Before the queue is looked at a last time: what comes after that wakes again.
        Interlocked.Exchange(ref _isAwake, 0);
        return !_queue.IsEmpty && Interlocked.Exchange(ref _isAwake, 1) == 0;
    }

    private void Run(StateCommand command)
    {
        if (Begin(command).Run(this))
        {
            Finish(command);
        }

        End();
    }

    private StateCommand Begin(StateCommand command)
    {
        _inHand = command;
        _collects = command.IsDurable;
        return command;
    }

    private void End()
    {
        _inHand = null;
        _collects = false;
    }

    /// <summary>The same for what was let in already: it is not refused.</summary>
    public void Insist(StateCommand command)
    {
        Interlocked.Increment(ref _pending);
        Add(command);
    }

    private void Add(StateCommand command)
    {
        _queue.Enqueue(command);
        Wake();
    }

    private void Wake()
    {
        if (Volatile.Read(ref _isAwake) == 0 && Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            _wake?.Invoke();
        }
    }

    private void RefuseAll()
    {
        while (_queue.TryDequeue(out var command))
        {
            Interlocked.Decrement(ref _pending);
            command.Refuse(_away ?? "State is stopped.");
        }
    }
}
