using AllInOne.Core;
using AllInOne.Server.Endpoints.Actors;
using AllInOne.Server.Endpoints.Documents;
using AllInOne.Server.Endpoints.Entities;
using AllInOne.Server.Endpoints.Jobs;
using AllInOne.Server.Endpoints.Load;
using AllInOne.Server.Endpoints.State;
using AllInOne.Server.Metrics;

namespace AllInOne.Server.Endpoints;

/// <summary>All endpoints of the server.</summary>
internal static class ApiEndpoints
{
    /// <param name="routes">The routes to which the endpoints are added.</param>
    /// <param name="tree">The running tree.</param>
    /// <param name="figures">The figures of the process.</param>
    /// <param name="ending">Cancelled when the web host stops; live requests end then.</param>
    public static void MapServer(this IEndpointRouteBuilder routes, SystemTree tree, ProcessFigures figures, CancellationToken ending)
    {
        routes.MapHealth(tree);
        routes.MapMetrics(tree, figures);
        var api = routes.MapGroup("/api");
        api.MapEntities(tree.Entities);
        api.MapEntityCommands(tree.Entities);
        api.MapEntityHistory(tree.Entities, tree.History);
        api.MapCollections(tree.Documents);
        api.MapDocuments(tree.Documents);
        api.MapCollectionTransfer(tree.Documents);
        api.MapState(tree.State);
        api.MapStateValues(tree.State);
        api.MapStateWaits(tree.State, ending);
        api.MapJobs(tree.Jobs);
        api.MapJobRuns(tree.Jobs);
        api.MapJobQueue(tree.Jobs);
        api.MapEvents(tree.Live, ending);
        api.MapSystem(tree, figures);
        api.MapBackups(tree.Backups);
        api.MapScheduler(tree);
        api.MapActors(tree);
        api.MapActorsTop(tree.Inspection, ending);
        api.MapActorTrace(tree.Inspection, ending);
        api.MapLoad(tree.Load);
        api.MapSum(tree.Calculations, ending);
        api.MapFaults(tree.Faults);
    }
}
