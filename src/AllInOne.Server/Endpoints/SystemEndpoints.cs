using AllInOne.Core;
using AllInOne.Core.Feeds;
using AllInOne.Core.Jobs;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;
using AllInOne.Server.Metrics;

namespace AllInOne.Server.Endpoints;

/// <summary>The resource <c>/api/system</c>: the figures of the process and its parts. A read waits for no actor.</summary>
internal static class SystemEndpoints
{
    public static void MapSystem(this IEndpointRouteBuilder api, SystemTree tree, ProcessFigures figures) =>
        api.MapRead("/system", (HttpRequest request) => new QueryReader(request).Wrong() ?? Json.Ok(Read(tree, figures)));

    private static object Read(SystemTree tree, ProcessFigures figures) => new
    {
        figures.Node,
        Version = ServerVersion.Text,
        Uptime = Math.Round(figures.Uptime.TotalSeconds, 3),
        figures.Cpu,
        Memory = new
        {
            Environment.WorkingSet,
            Managed = GC.GetTotalMemory(forceFullCollection: false),
            Available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            figures.Limits,
        },
        tree.Inspection.Scheduler,
        Entities = tree.Entities.Count,
        Documents = new { Engine = tree.Documents.Engine.ToString(), Collections = tree.Documents.Collections.Count },
        State = new { tree.State.Options.MaxBytes, Shards = tree.State.Figures },
        Jobs = JobsOf(tree.Jobs),
        Events = new { tree.Events.Head, Total = tree.Events.Published },
        Live = tree.Live.Figures,
        tree.Writers,
        Feeds = (object[])[FeedOf(tree.Feeds)],
    };

    private static object JobsOf(JobStore jobs)
    {
        var figures = jobs.Figures;
        return new
        {
            Count = figures.Jobs,
            figures.All.Running,
            figures.All.Waiting,
            figures.All.Queued,
            figures.All.Dead,
            figures.LatenessP50Ms,
            figures.LatenessP99Ms,
            Commands = jobs.Options.Commands.Enabled,
        };
    }

    private static object FeedOf(FeedDirectory feeds) => new
    {
        Name = "xml",
        Listen = feeds.XmlEndPoint.ToString(),
        feeds.ListenProblem,
        feeds.Totals,
        feeds.Connections,
    };
}
