using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Faults;

/// <summary>The module of the faults, used only if <c>Faults:Enabled</c>: it creates the injector and the props of the faults' supervisor.</summary>
public sealed class FaultsModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "faults";

    /// <param name="readiness">Notified when faults can be injected.</param>
    public FaultsModule(FaultsOptions options, TimeProvider clock, Readiness readiness)
    {
        var injector = new FaultInjector(options, clock);
        Injector = injector;
        Actor = Props.Create(() => new FaultsSupervisor(injector, readiness));
    }

    public FaultInjector Injector { get; }

    /// <summary>The props of the actor <c>/user/faults</c>.</summary>
    public Props Actor { get; }
}
