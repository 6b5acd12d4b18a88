using AllInOne.Core.State.Operations;

namespace AllInOne.Core.State.Commands;

/// <summary>Operations that have nothing to do with each other but that they are told together: a quicker way for many.</summary>
/// <param name="places">Where each one's result goes.</param>
internal sealed class ChangeEach(IReadOnlyList<StateOperation> operations, List<int> places, StateResult[] results, bool durable)
    : StateCommand<bool>
{
    public override bool IsDurable => durable;

    public override int Operations => places.Count;

    public override bool Run(StateShard shard)
    {
        foreach (var place in places)
        {
            results[place] = shard.Apply(operations[place]);
        }

        return true;
    }
}
