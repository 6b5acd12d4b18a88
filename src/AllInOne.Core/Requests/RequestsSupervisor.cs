using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Requests;

/// <summary>
/// <c>/user/requests</c>: makes one actor per calculation and tells the caller when it ends without an answer. The last ones that crashed
/// stay, with their failure, to be looked at; no crash is this actor's own. When it restarts or stops, so do they all, and their callers
/// are notified.
/// </summary>
internal sealed class RequestsSupervisor : ReceiveActor
{
    /// <summary>How many crashed ones stay.</summary>
    private const int Exhibits = 20;

    private readonly Calculations _calculations;
    private readonly Func<long, long> _sum;
    private readonly Readiness _readiness;
    private readonly Dictionary<IActorRef, Calculation> _running = [];
    private readonly Queue<IActorRef> _crashed = new();

    public RequestsSupervisor(Calculations calculations, Func<long, long> sum, Readiness readiness)
    {
        (_calculations, _sum, _readiness) = (calculations, sum, readiness);
        Receive<Calculate>(OnCalculate);
        Receive<CalculationActor.Crashed>(_ => OnCrashed());
        Receive<Terminated>(OnTerminated);
    }

    /// <summary>Begin this calculation.</summary>
    public sealed record Calculate(Calculation Calculation);

    /// <summary>Without limit: each actor has only one message to crash on.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreStart()
    {
        _calculations.Attach(Self);
        _readiness.Ready(RequestsModule.Name);
    }

    protected override void PostStop() => _calculations.Detach();

    private void OnCalculate(Calculate message)
    {
        var (calculation, calculations, sum) = (message.Calculation, _calculations, _sum);
        if (!calculations.IsOpen(calculation))
        {
            // A restart has come in between, and its caller knows.
            return;
        }

        var name = calculations.NextNumber().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var actor = Context.ActorOf(Props.Create(() => new CalculationActor(calculation, calculations, sum)), name);
        _running[actor] = calculation;
        Context.Watch(actor);
        actor.Tell(new CalculationActor.Sum(calculation.N));
    }

    private void OnCrashed()
    {
        if (!_running.Remove(Sender))
        {
            return;
        }

        _crashed.Enqueue(Sender);
        if (_crashed.Count > Exhibits)
        {
            Context.Stop(_crashed.Dequeue());
        }
    }

    private void OnTerminated(Terminated died)
    {
        if (_running.Remove(died.ActorRef, out var calculation))
        {
            _calculations.Close(calculation, new CalculationOutcome.Stopped());
        }
    }
}
