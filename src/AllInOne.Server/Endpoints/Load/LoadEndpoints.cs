using AllInOne.Core.Load;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Load;

/// <summary>The resource <c>/api/system/load</c>: the number of workers of the demo, and their work of the last minute.</summary>
internal static class LoadEndpoints
{
    public static void MapLoad(this IEndpointRouteBuilder api, LoadGenerator load)
    {
        api.MapRead("/system/load", (HttpRequest request) => new QueryReader(request).Wrong() ?? Json.Ok(load.Snapshot));
        api.MapPut("/system/load", (HttpRequest request) => PutAsync(load, request));
    }

    /// <summary>Sets the number of workers. The answer comes when this many workers exist.</summary>
    private static async Task<IResult> PutAsync(LoadGenerator load, HttpRequest request)
    {
        var (workers, wrong) = await JsonBody.ReadWholeAsync(request, "workers", 0, load.MaxWorkers);
        if (wrong is not null)
        {
            return wrong;
        }

        await load.ResizeAsync((int)workers, request.HttpContext.RequestAborted);
        return Json.Ok(load.Snapshot);
    }
}
