using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;

namespace AllInOne.Core.State.Commands;

/// <summary>Independent operations in one command, which is faster than one command for each.</summary>
/// <param name="places">The indexes of the operations of this command, which are also the indexes of their results.</param>
internal sealed class ChangeEach(IReadOnlyList<StateOperation> operations, List<int> places, StateResult[] results, bool durable)
    : StateCommand<bool>
{
    public override bool IsDurable => durable;

    public override bool Run(StateShard shard)
    {
        foreach (var place in places)
        {
            results[place] = shard.Keys.Apply(operations[place]);
        }

        return true;
    }
}
