using AllInOne.Core;
using AllInOne.Core.Inspection;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Load;

/// <summary><c>/api/system/scheduler</c>: how many actors run at the same time. A change lasts until the process exits.</summary>
internal static class SchedulerEndpoints
{
    public static void MapScheduler(this IEndpointRouteBuilder api, SystemTree tree)
    {
        api.MapRead("/system/scheduler", (HttpRequest request) => new QueryReader(request).Wrong() ?? Json.Ok(Read(tree.Inspection)));
        api.MapPut("/system/scheduler", (HttpRequest request) => PutAsync(tree, request));
    }

    private static async Task<IResult> PutAsync(SystemTree tree, HttpRequest request)
    {
        var (workers, wrong) = await JsonBody.ReadWholeAsync(request, "workers", 1, tree.Inspection.MaxWorkers);
        if (wrong is not null)
        {
            return wrong;
        }

        tree.ResizeScheduler((int)workers);
        return Json.Ok(Read(tree.Inspection));
    }

    private static object Read(IInspection inspection)
    {
        var (workers, threads, maxThreads, queued, heldUp) = inspection.Scheduler;
        return new { Workers = workers, inspection.MaxWorkers, Threads = threads, MaxThreads = maxThreads, Queued = queued, HeldUp = heldUp };
    }
}
