using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;

namespace AllInOne.Core.State.Commands;

/// <summary>One operation on one key.</summary>
internal sealed class ChangeKey(StateOperation operation, bool durable) : StateCommand<StateResult>
{
    public override bool IsDurable => durable;

    public override bool Run(StateShard shard)
    {
        Result = shard.Keys.Apply(operation);
        return true;
    }
}
