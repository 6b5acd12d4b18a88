using AllInOne.Core.State.Shards;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Commands;

/// <summary>Reads several keys of one tag at one moment: between two changes.</summary>
internal sealed class ReadKeys(IReadOnlyList<StateKey> keys) : StateCommand<IReadOnlyList<StateItem?>>
{
    public override bool Run(StateShard shard)
    {
        Result = [.. keys.Select(key => shard.Table.Read(key.Value))];
        return true;
    }
}
