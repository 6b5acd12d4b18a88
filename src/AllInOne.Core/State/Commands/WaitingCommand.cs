namespace AllInOne.Core.State.Commands;

/// <summary>A command that may have to wait for its key, behind all that wait for it already.</summary>
/// <param name="key">What it waits for.</param>
/// <param name="waits">Whether it waits at all; else it ends at once with the result that it has from the beginning.</param>
internal abstract class WaitingCommand<T>(string key, bool waits) : StateCommand<T>
{
    public string Key => key;

    public sealed override bool Run(StateShard shard)
    {
        if (!shard.IsWaitedFor(key) && Serve(shard))
        {
            return true;
        }

        if (!waits)
        {
            return true;
        }

        if (!shard.Park(key, this))
        {
            Refuse("Too many callers wait already.");
        }

        return false;
    }

    public abstract override bool Serve(StateShard shard);
}

/// <summary>A command waits no longer: it ends with the result that it has, unless it was served meanwhile. Nobody waits for this.</summary>
internal sealed class LeaveLine(string key, StateCommand command) : StateCommand
{
    public override bool Run(StateShard shard)
    {
        if (shard.Leave(key, command))
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
