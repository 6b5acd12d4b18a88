using AllInOne.Core.Inspection;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Actors;

/// <summary><c>/api/system/actors/trace</c>: the messages of one actor as it handles them, for a few seconds, as server-sent events.</summary>
internal static class ActorTraceEndpoints
{
    private const int MaxEvery = 1_000_000;

    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    public static void MapActorTrace(this IEndpointRouteBuilder api, IInspection inspection, CancellationToken ending) =>
        api.MapRead("/system/actors/trace", (HttpRequest request) => Trace(inspection, request, ending));

    private static IResult Trace(IInspection inspection, HttpRequest request, CancellationToken ending)
    {
        var query = new QueryReader(request);
        var path = query.Text("path", ActorsEndpoints.MaxPathLength) ?? "";
        query.Refuse("path", ActorsEndpoints.NoPath, unless: ActorsEndpoints.IsPath(path));
        var time = query.Seconds("seconds", DefaultTime, MaxTime);
        var every = query.Whole("every", 1, 1, MaxEvery);
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        return inspection.Find(path) is null ? ActorsEndpoints.NoActor(path) : new TraceResult(inspection, path, time, every, ending);
    }

    private sealed class TraceResult(IInspection inspection, string path, TimeSpan time, int every, CancellationToken ending) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, ending);
            if (inspection.Trace(path, every, ends.Token) is not { } messages)
            {
                var problem = inspection.Find(path) is null
                    ? ActorsEndpoints.NoActor(path)
                    : Problem.Of(StatusCodes.Status501NotImplemented, "The messages of this actor cannot be traced: it has a mailbox of Akka.NET's own.");
                await problem.ExecuteAsync(httpContext);
                return;
            }

            if (HttpMethods.IsHead(httpContext.Request.Method))
            {
                ServerSentEvents.SetHeaders(httpContext.Response);
                return;
            }

            ends.CancelAfter(time);
            try
            {
                await ServerSentEvents.BeginAsync(httpContext.Response, ends.Token);
                await foreach (var message in messages.WithCancellation(ends.Token))
                {
                    await ServerSentEvents.WriteAsync(httpContext.Response, message, ends.Token);
                }
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
                // The time is over, the client has disconnected, or the web host stops.
            }
        }
    }
}
