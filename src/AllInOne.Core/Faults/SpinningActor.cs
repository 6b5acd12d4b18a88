using Akka.Actor;

namespace AllInOne.Core.Faults;

/// <summary>Burns a processor in one message until its time is over, and looks at no token: a stop only abandons it.</summary>
internal sealed class SpinningActor : ReceiveActor
{
    private readonly Fault _fault;

    public SpinningActor(Fault fault)
    {
        _fault = fault;
        Receive<Spin>(_ =>
        {
            fault.Hold(Burn);
            Context.Stop(Self);
        });
    }

    private sealed record Spin
    {
        public static Spin Instance { get; } = new();
    }

    protected override void PreStart() => Self.Tell(Spin.Instance);

    // What was to spin has spun.
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    private void Burn()
    {
        while (_fault.Left > TimeSpan.Zero)
        {
            Thread.SpinWait(10_000);
        }
    }
}
