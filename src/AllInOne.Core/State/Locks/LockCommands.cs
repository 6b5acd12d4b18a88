using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Locks;

/// <summary>Takes a lock that is free, or waits for it. The result is null if the wait ends without the lock.</summary>
internal sealed class AcquireLock(string key, string token, TimeSpan ttl, bool waits) : WaitingCommand<StateLock?>(key, waits)
{
    // A granted lock must survive a loss of power.
    public override bool IsDurable => true;

    public override bool Serve(StateShard shard)
    {
        if (shard.Keys.Present(Key) is not null)
        {
            return false;
        }

        var end = shard.Rules.EndOf(ttl);
        var granted = new StateLock(token, shard.Keys.NextVersion, shard.Rules.Clock.ToWall(end));
        if (shard.Keys.Add(Key, new StateValue(granted.ToJson()), end))
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

/// <summary>Extends a lock. The result is null if the token does not hold the lock.</summary>
internal sealed class RenewLock(string key, string token, TimeSpan ttl) : StateCommand<StateLock?>
{
    public override bool IsDurable => true;

    public override bool Run(StateShard shard)
    {
        if (shard.Keys.Present(key) is { } slot && StateLock.Of(slot.Item!) is var held && held.Token == token)
        {
            var end = shard.Rules.EndOf(ttl);
            shard.Keys.Set(slot, key, slot.Item!.Value, end);
            Result = held with { Expires = shard.Rules.Clock.ToWall(end) };
        }

        return true;
    }
}

/// <summary>Releases a lock. The result is false if the token does not hold the lock.</summary>
internal sealed class ReleaseLock(string key, string token) : StateCommand<bool>
{
    public override bool Run(StateShard shard)
    {
        if (shard.Keys.Present(key) is { } slot && StateLock.Of(slot.Item!).Token == token)
        {
            shard.Keys.Remove(slot, "deleted");
            Result = true;
        }

        return true;
    }
}
