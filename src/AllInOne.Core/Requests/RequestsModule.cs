using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Requests;

/// <summary>The module of the calculations: it creates their facade and the props of their supervisor.</summary>
public sealed class RequestsModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "requests";

    /// <param name="readiness">Notified when calculations are accepted.</param>
    public RequestsModule(RequestsOptions options, TimeProvider clock, Readiness readiness)
        : this(options, Summation.Of, clock, readiness)
    {
    }

    /// <param name="sum">The calculation itself. Tests replace it with one that waits.</param>
    internal RequestsModule(RequestsOptions options, Func<long, long> sum, TimeProvider clock, Readiness readiness)
    {
        var calculations = new Calculations(options, clock);
        Calculations = calculations;
        Actor = Props.Create(() => new RequestsSupervisor(calculations, sum, readiness));
    }

    public Calculations Calculations { get; }

    /// <summary>The props of the actor <c>/user/requests</c>.</summary>
    public Props Actor { get; }
}
