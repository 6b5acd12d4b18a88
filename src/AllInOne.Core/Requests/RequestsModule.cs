using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Requests;

/// <summary>What this folder brings to the program: application work on request, and the actor below which it is done.</summary>
public sealed class RequestsModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "requests";

    /// <param name="readiness">Notified when calculations are accepted.</param>
    public RequestsModule(RequestsOptions options, TimeProvider clock, Readiness readiness)
        : this(options, Summation.Of, clock, readiness)
    {
    }

    /// <param name="sum">The work itself, for tests to hold.</param>
    internal RequestsModule(RequestsOptions options, Func<long, long> sum, TimeProvider clock, Readiness readiness)
    {
        var calculations = new Calculations(options, clock);
        Calculations = calculations;
        Actor = Props.Create(() => new RequestsSupervisor(calculations, sum, readiness));
    }

    public Calculations Calculations { get; }

    /// <summary>How the actor <c>/user/requests</c> is made.</summary>
    public Props Actor { get; }
}
