using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Requests;

/// <summary>
/// <c>/user/requests/1</c> and so on: does one calculation in one message and stops. If it crashes, its caller gets this outcome. The restarted
/// instance does no work; it only shows the failure until the supervisor stops it.
/// </summary>
internal sealed class CalculationActor : ReceiveActor
{
    private readonly Calculation _calculation;
    private readonly Calculations _calculations;

    public CalculationActor(Calculation calculation, Calculations calculations, Func<long, long> sum)
    {
        (_calculation, _calculations) = (calculation, calculations);
        Receive<Sum>(message =>
        {
            calculations.Close(calculation, new CalculationOutcome.Done(sum(message.N)));
            Context.Stop(Self);
        });
    }

    /// <summary>Calculate the sum of the numbers up to <paramref name="N"/>.</summary>
    public sealed record Sum(long N);

    /// <summary>The sender has crashed, and no answer comes from it any more.</summary>
    public sealed record Crashed
    {
        public static Crashed Instance { get; } = new();
    }

    // Here and not in PreRestart, because PreRestart is not called on an instance that never completes its message.
    protected override void PostRestart(Exception reason)
    {
        _calculations.Close(_calculation, reason is AdministrativeRestartException
            ? new CalculationOutcome.Stopped()
            : new CalculationOutcome.Crashed(Self.Path.ToStringWithoutAddress()));
        Context.Parent.Tell(Crashed.Instance, Self);
    }
}
