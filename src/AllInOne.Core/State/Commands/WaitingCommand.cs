using AllInOne.Core.State.Shards;

namespace AllInOne.Core.State.Commands;

/// <summary>A command that may have to wait for its key, behind the commands that already wait for this key.</summary>
/// <param name="key">The key it waits for.</param>
/// <param name="waits">False: the command does not wait, but completes at once with its initial result.</param>
internal abstract class WaitingCommand<T>(string key, bool waits) : StateCommand<T>
{
    public string Key => key;

    public sealed override bool Run(StateShard shard)
    {
        if (!shard.Waiting.Contains(key) && Serve(shard))
        {
            return true;
        }

        if (!waits)
        {
            return true;
        }

        if (!shard.Wait(key, this))
        {
            Refuse("Too many callers wait already.");
        }

        return false;
    }

    public abstract override bool Serve(StateShard shard);
}

/// <summary>Ends the wait of a command, which completes with its initial result. Does nothing if the command was served before.</summary>
internal sealed class CancelWait(string key, StateCommand command) : StateCommand
{
    public override bool Run(StateShard shard)
    {
        if (shard.Waiting.Remove(key, command))
        {
            command.Complete();
        }

        return true;
    }

    public override void Complete()
    {
    }

    public override void Refuse(string reason)
    {
    }
}
