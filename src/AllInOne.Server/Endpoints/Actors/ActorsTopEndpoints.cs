using AllInOne.Core.Inspection;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Actors;

/// <summary>
/// The resource <c>/api/system/actors/top</c>: the actors with the longest busy time, the largest mailbox, or the most messages or restarts.
/// </summary>
internal static class ActorsTopEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 1000;

    private static readonly TimeSpan DefaultWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxWindow = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, TopBy> Measures = new(StringComparer.Ordinal)
    {
        ["busy"] = TopBy.Busy,
        ["mailbox"] = TopBy.Mailbox,
        ["messages"] = TopBy.Messages,
        ["restarts"] = TopBy.Restarts,
    };

    public static void MapActorsTop(this IEndpointRouteBuilder api, IInspection inspection, CancellationToken ending) =>
        api.MapRead("/system/actors/top", (HttpContext context) => TopAsync(inspection, context, ending));

    private static async Task<IResult> TopAsync(IInspection inspection, HttpContext context, CancellationToken ending)
    {
        var query = new QueryReader(context.Request);
        var name = query.Text("by") ?? "busy";
        query.Refuse("by", $"must be one of {string.Join(", ", Measures.Keys)}", unless: Measures.TryGetValue(name, out var by));
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        // Mailboxes and restarts need no measurement.
        var window = query.Seconds("seconds", by is TopBy.Busy or TopBy.Messages ? DefaultWindow : TimeSpan.Zero, MaxWindow);
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            // A HEAD answer has no body, so do not spend time on the measurement.
            window = TimeSpan.Zero;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        try
        {
            var top = await inspection.TopAsync(by, window, limit, ends.Token);
            return Json.Page(top.Select(found => Item.From(found, window)), next: null);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return Problem.Unavailable("The web host stops.", TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The work of an actor within the window.</summary>
    private sealed record Recent(double Seconds, double BusyMs, long Messages);

    /// <summary>An actor, with its work within the window.</summary>
    private sealed record Item(
        string Path, string Type, string Status, int Mailbox, long Messages, double BusyMs, int Restarts, int Children,
        FailureSnapshot? LastFailure, string? Message, DateTimeOffset? Since, Recent Recent)
    {
        public static Item From(TopActor top, TimeSpan window)
        {
            var (path, type, status, mailbox, messages, busyMs, restarts, children, lastFailure, message, since) = top.Actor;
            return new Item(
                path, type, status, mailbox, messages, busyMs, restarts, children, lastFailure, message, since,
                new Recent(window.TotalSeconds, top.BusyMs, top.Messages));
        }
    }
}
