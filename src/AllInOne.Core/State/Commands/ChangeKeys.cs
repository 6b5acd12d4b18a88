using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;

namespace AllInOne.Core.State.Commands;

/// <summary>Operations on several keys of one tag, each key once: all or none, and readers see all or none.</summary>
internal sealed class ChangeKeys(IReadOnlyList<StateOperation> operations, bool durable) : StateCommand<IReadOnlyList<StateResult>>
{
    public override bool IsDurable => durable;

    public override bool Run(StateShard shard)
    {
        Result = shard.Keys.Apply(operations);
        return true;
    }
}
