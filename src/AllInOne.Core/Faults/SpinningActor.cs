using Akka.Actor;

namespace AllInOne.Core.Faults;

/// <summary>
/// Uses a processor without a pause in one message until the duration of the fault is over. It checks no token, so a stop can only abandon it.
/// </summary>
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

    // The fault has had its effect, so the new instance stops.
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    private void Burn()
    {
        while (_fault.Left > TimeSpan.Zero)
        {
            Thread.SpinWait(10_000);
        }
    }
}
