using AllInOne.Core.State.Shards;

namespace AllInOne.Core.State;

/// <summary>The memory that all shards share. Each shard counts its own bytes; a shard that needs more adds up all of them.</summary>
internal sealed class StateMemory(long limit)
{
    private IReadOnlyList<StateShard> _shards = [];

    public long Limit => limit;

    public long Used
    {
        get
        {
            var used = 0L;
            for (var n = 0; n < _shards.Count; n++)
            {
                used += _shards[n].Table.Bytes;
            }

            return used;
        }
    }

    public void Share(IReadOnlyList<StateShard> shards) => _shards = shards;

    public bool HasRoom(long more) => Used + more <= limit;
}
