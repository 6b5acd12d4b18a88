using AllInOne.Core.State.Commands;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Locks;

/// <summary>Takes a lock that is free, or waits for it. Ends with null when it waits no longer.</summary>
internal sealed class AcquireLock(string key, string token, TimeSpan ttl, bool waits) : WaitingCommand<StateLock?>(key, waits)
{
    // A lock that was granted is one, whatever happens to the machine.
    public override bool IsDurable => true;

    public override bool Serve(StateShard shard)
    {
        if (shard.Present(Key) is not null)
        {
            return false;
        }

        var end = shard.Rules.EndOf(ttl);
        var granted = new StateLock(token, shard.NextVersion, shard.Rules.Clock.ToWall(end));
        if (shard.Add(Key, new StateValue(granted.ToJson()), end))
        {
            Result = granted;
        }
        else
        {
            Refuse(new FullException("There is no memory left for a lock (State:MaxBytes); nothing was changed."));
        }

        return true;
    }
}

/// <summary>Lets a lock last longer. Ends with null when it is not the token's.</summary>
internal sealed class RenewLock(string key, string token, TimeSpan ttl) : StateCommand<StateLock?>
{
    public override bool IsDurable => true;

    public override bool Run(StateShard shard)
    {
        if (shard.Present(key) is { } slot && StateLock.Of(slot.Item!) is var held && held.Token == token)
        {
            var end = shard.Rules.EndOf(ttl);
            shard.Set(slot, key, slot.Item!.Value, end);
            Result = held with { Expires = shard.Rules.Clock.ToWall(end) };
        }

        return true;
    }
}

/// <summary>Gives a lock back. Ends with false when it is not the token's.</summary>
internal sealed class ReleaseLock(string key, string token) : StateCommand<bool>
{
    public override bool Run(StateShard shard)
    {
        if (shard.Present(key) is { } slot && StateLock.Of(slot.Item!).Token == token)
        {
            shard.Remove(slot, "deleted");
            Result = true;
        }

        return true;
    }
}
