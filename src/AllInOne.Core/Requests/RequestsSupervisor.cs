using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Requests;

/// <summary>
/// <c>/user/requests</c>: starts one actor for each calculation, and answers the caller if that actor stops without an answer. The last actors that
/// crashed stay, so that an administrator can see their failure. No crash becomes a failure of this actor. When it restarts or stops, all
/// calculations stop, and their callers are notified.
/// </summary>
internal sealed class RequestsSupervisor : TreeActor
{
    /// <summary>The number of crashed actors that stay.</summary>
    private const int Exhibits = 20;

    private readonly Calculations _calculations;
    private readonly Func<long, long> _sum;
    private readonly Readiness _readiness;
    private readonly Dictionary<IActorRef, Calculation> _running = [];
    private readonly Queue<IActorRef> _crashed = new();

    public RequestsSupervisor(Calculations calculations, Func<long, long> sum, Readiness readiness) =>
        (_calculations, _sum, _readiness) = (calculations, sum, readiness);

    /// <summary>Begin this calculation.</summary>
    public sealed record Calculate(Calculation Calculation, Calculations Calculations) : IRefusable
    {
        public void Refuse(string reason, IActorRef? sender) => Calculations.Close(Calculation, new CalculationOutcome.Stopped());
    }

    /// <summary>Restarts without a limit, because each actor has only one message on which it can crash.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreStart()
    {
        _calculations.Supervisor.Attach(Self);
        _readiness.Ready(RequestsModule.Name);
    }

    protected override void OnRestarting(object? message) => End();

    protected override void PostStop() => End();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Calculate calculate:
                OnCalculate(calculate.Calculation);
                break;
            case CalculationActor.Crashed:
                OnCrashed();
                break;
            case Terminated died:
                OnTerminated(died);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnCalculate(Calculation calculation)
    {
        var (calculations, sum) = (_calculations, _sum);
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

    /// <summary>Ends all calculations, because they stop with this actor. Their callers are notified.</summary>
    private void End()
    {
        _calculations.Supervisor.Detach();
        foreach (var (actor, calculation) in _running)
        {
            Context.Unwatch(actor);
            _calculations.Close(calculation, new CalculationOutcome.Stopped());
        }

        foreach (var child in Context.GetChildren())
        {
            Context.Stop(child);
        }
    }
}
