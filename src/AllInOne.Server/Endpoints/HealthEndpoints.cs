using AllInOne.Core;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints;

/// <summary>
/// The resources <c>/healthz</c> (the process answers) and <c>/readyz</c> (whether every child of <c>/user</c> serves, and the reasons if not).
/// </summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static void MapHealth(this IEndpointRouteBuilder routes, SystemTree tree)
    {
        routes.MapRead("/healthz", (HttpRequest request) => QueryReader.None(request) ?? Json.Ok(new { Status = "alive" }));
        routes.MapRead("/readyz", (HttpRequest request) => QueryReader.None(request) ?? (tree.NotReady is { Count: > 0 } reasons
            ? Problem.Unavailable("A part of the server does not serve now.", RetryAfter, reasons)
            : Json.Ok(tree.Readiness.Notes is { Count: > 0 } notes ? new { Status = "ready", Notes = notes } : (object)new { Status = "ready" })));
    }
}
