using AllInOne.Core.State.Operations;

namespace AllInOne.Core.State.Commands;

/// <summary>One operation on one key.</summary>
internal sealed class ChangeKey(StateOperation operation, bool durable) : StateCommand<StateResult>
{
    public override bool IsDurable => durable;

    public override bool Run(StateShard shard)
    {
        Result = shard.Apply(operation);
        return true;
    }
}
