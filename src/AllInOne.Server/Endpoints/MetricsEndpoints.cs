using AllInOne.Core;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Requests;
using AllInOne.Server.Metrics;

namespace AllInOne.Server.Endpoints;

/// <summary>The resource <c>/metrics</c>: the figures of every part in Prometheus' text format.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes, SystemTree tree, ProcessFigures figures) =>
        routes.MapRead("/metrics", (HttpRequest request) =>
            QueryReader.None(request) ?? Results.Content(ServerMetrics.Read(tree, figures), PrometheusText.ContentType));
}
