using AllInOne.Core.State.Commands;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The way to the actor of one shard, with a limit for the commands that wait in its mailbox: a command above the limit is refused. Thread-safe.
/// </summary>
/// <param name="name">The path of the actor.</param>
/// <param name="limit">The most pending commands: <c>State:MaxPending</c>.</param>
internal sealed class ShardInbox(string name, int limit)
{
    private volatile string? _closed = "State is still starting.";

    /// <summary>The address of the actor.</summary>
    public ActorAddress Address { get; } = new(name, limit);

    /// <summary>The approximate number of waiting messages.</summary>
    public int Pending => Address.Pending;

    /// <summary>Sends a command, or refuses it if the inbox is closed or full. Never blocks.</summary>
    public void Send(StateCommand command)
    {
        if (_closed is { } reason)
        {
            command.Refuse(reason);
        }
        else if (Address.Pending >= limit)
        {
            command.Refuse("Too many commands wait for this part of the state.");
        }
        else
        {
            Address.Tell(command);
        }
    }

    /// <summary>Sends a command that belongs to an admitted command. It is sent even if the inbox is full or closed.</summary>
    public void SendAdmitted(StateCommand command) => Address.Tell(command);

    /// <summary>Opens the inbox: commands are admitted from now on.</summary>
    public void Open() => _closed = null;

    /// <summary>Closes the inbox: commands are refused from now on, with this reason.</summary>
    public void Close(string reason) => _closed = reason;
}
