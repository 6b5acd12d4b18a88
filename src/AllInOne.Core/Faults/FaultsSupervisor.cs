using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Faults;

/// <summary>
/// <c>/user/faults</c>: the parent of all faults. It restarts a crashed fault without a limit, so that no fault becomes the failure of another actor.
/// When it restarts or stops, all faults stop.
/// </summary>
internal sealed class FaultsSupervisor : TreeActor
{
    private readonly FaultInjector _injector;
    private readonly Readiness _readiness;
    private readonly Dictionary<IActorRef, Fault> _running = [];

    public FaultsSupervisor(FaultInjector injector, Readiness readiness) =>
        (_injector, _readiness) = (injector, readiness);

    /// <summary>Begin this fault.</summary>
    public sealed record Begin(Fault Fault) : IRefusable
    {
        public void Refuse(string reason, IActorRef? sender) => Fault.ActorEnded();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreStart()
    {
        _injector.Supervisor.Attach(Self);
        _readiness.Ready(FaultsModule.Name);
    }

    protected override void OnRestarting(object? message) => End();

    protected override void PostStop() => End();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin begin:
                OnBegin(begin.Fault);
                break;
            case Terminated died:
                OnTerminated(died);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnBegin(Fault fault)
    {
        var actor = Context.ActorOf(PropsOf(fault), _injector.NextName(fault.Kind));
        _running[actor] = fault;
        Context.Watch(actor);
    }

    private void OnTerminated(Terminated died)
    {
        if (_running.Remove(died.ActorRef, out var fault))
        {
            fault.ActorEnded();
        }
    }

    /// <summary>Stops all faults, because they stop with this actor.</summary>
    private void End()
    {
        _injector.Supervisor.Detach();
        foreach (var (actor, fault) in _running)
        {
            Context.Unwatch(actor);
            Context.Stop(actor);
            fault.ActorEnded();
        }
    }

    private static Props PropsOf(Fault fault) => fault.Kind switch
    {
        FaultKind.Crash => Props.Create(() => new CrashingActor(fault)),
        FaultKind.Spin => Props.Create(() => new SpinningActor(fault)),
        FaultKind.Block => Props.Create(() => new BlockingActor(fault)),
        _ => Props.Create(() => new LeakingActor(fault)),
    };
}
