using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Shards;

namespace AllInOne.Core.Tests.State.Shards;

/// <summary>A command that does nothing and records its answer.</summary>
internal sealed class ProbeCommand(bool isDurable = false) : StateCommand
{
    public override bool IsDurable => isDurable;

    public override bool IsCompleted => Answer is not null;

    /// <summary>"done", or the reason of the refusal; null without an answer.</summary>
    public string? Answer { get; private set; }

    public override bool Run(StateShard shard) => true;

    public override void Complete() => Answer = "done";

    public override void Refuse(string reason) => Answer = reason;
}
