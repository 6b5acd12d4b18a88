using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;

namespace AllInOne.Core.State.Commands;

/// <summary>Takes an element from a list, or waits until the list has one. The result is NotFound if the wait ends without an element.</summary>
internal sealed class TakeElement : WaitingCommand<StateResult>
{
    private readonly StateOperation _pop;

    public TakeElement(StateOperation pop, bool durable)
        : base(pop.Key.Value, waits: true)
    {
        _pop = pop;
        IsDurable = durable;
        Result = new StateResult(StateOutcome.NotFound);
    }

    public override bool IsDurable { get; }

    public override bool Serve(StateShard shard)
    {
        var result = shard.Keys.Apply(_pop);
        if (result.Outcome == StateOutcome.NotFound)
        {
            return false;
        }

        Result = result;
        return true;
    }
}
