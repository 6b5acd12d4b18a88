using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Load;

/// <summary>The module of the load demo: it creates the load generator and the props of the workers' supervisor.</summary>
public sealed class LoadModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "load";

    /// <param name="readiness">Notified when the generator serves.</param>
    public LoadModule(LoadOptions options, SupervisionOptions supervision, TimeProvider clock, Readiness readiness)
    {
        var generator = new LoadGenerator(options);
        Generator = generator;
        Actor = Props.Create(() => new LoadSupervisor(generator, supervision, clock, readiness));
    }

    public LoadGenerator Generator { get; }

    /// <summary>The props of the actor <c>/user/load</c>.</summary>
    public Props Actor { get; }
}
