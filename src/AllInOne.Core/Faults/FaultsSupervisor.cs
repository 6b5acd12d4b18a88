using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Faults;

/// <summary>
/// <c>/user/faults</c>: the parent of all faults. It restarts what crashes without limit: that nothing here ever becomes anybody else's
/// failure is the point. When it restarts or stops, so do all faults.
/// </summary>
internal sealed class FaultsSupervisor : ReceiveActor
{
    private readonly FaultInjector _injector;
    private readonly Readiness _readiness;
    private readonly Dictionary<IActorRef, Fault> _running = [];

    public FaultsSupervisor(FaultInjector injector, Readiness readiness)
    {
        (_injector, _readiness) = (injector, readiness);
        Receive<Begin>(OnBegin);
        Receive<Terminated>(OnTerminated);
    }

    /// <summary>Begin this fault.</summary>
    public sealed record Begin(Fault Fault);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreStart()
    {
        _injector.Attach(Self);
        _readiness.Ready(FaultsModule.Name);
    }

    protected override void PostStop() => _injector.Detach();

    private void OnBegin(Begin begin)
    {
        var fault = begin.Fault;
        if (!_injector.IsOpen(fault))
        {
            // A restart has come in between.
            return;
        }

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

    private static Props PropsOf(Fault fault) => fault.Kind switch
    {
        FaultKind.Crash => Props.Create(() => new CrashingActor(fault)),
        FaultKind.Spin => Props.Create(() => new SpinningActor(fault)),
        FaultKind.Block => Props.Create(() => new BlockingActor(fault)),
        _ => Props.Create(() => new LeakingActor(fault)),
    };
}
