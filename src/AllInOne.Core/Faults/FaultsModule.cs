using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Faults;

/// <summary>What this folder brings to the program when <c>Faults:Enabled</c> says so: faults on request, below an actor of their own.</summary>
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

    /// <summary>How the actor <c>/user/faults</c> is made.</summary>
    public Props Actor { get; }
}
