using Akka.Actor;

namespace AllInOne.Core.Faults;

/// <summary>Blocks its thread in one message until the duration of the fault is over, like a call without a timeout.</summary>
internal sealed class BlockingActor : ReceiveActor
{
    public BlockingActor(Fault fault) =>
        Receive<Block>(_ =>
        {
            // It blocks on purpose: an actor must never do this.
            fault.Hold(() => Task.Delay(fault.Left, fault.Injector.Clock).Wait());
            Context.Stop(Self);
        });

    private sealed record Block
    {
        public static Block Instance { get; } = new();
    }

    protected override void PreStart() => Self.Tell(Block.Instance);

    // The fault has had its effect, so the new instance stops.
    protected override void PostRestart(Exception reason) => Context.Stop(Self);
}
