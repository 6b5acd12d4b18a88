using System.Globalization;
using AllInOne.Core.Live;
using AllInOne.Server.Http;

namespace AllInOne.Server.Endpoints;

/// <summary><c>/api/events</c>: the long poll on the event log.</summary>
internal static class EventsEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api, EventLog events, CancellationToken ending) =>
        api.MapRead("/events", (HttpContext context) => PollAsync(events, context, ending));

    private static async Task<IResult> PollAsync(EventLog events, HttpContext context, CancellationToken ending)
    {
        var reader = new QueryReader(context.Request);
        var query = Read(reader, events.Head);
        if (reader.Wrong() is { } wrong)
        {
            return wrong;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        try
        {
            return new PageResult(await events.ReadAsync(query, ends.Token));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The web host stops: an empty answer now, so that the client asks its successor from where it was.
            return new PageResult(new EventPage([], query.Since!.Value, Reset: false));
        }
    }

    /// <summary>"Now" is resolved here, at the moment of the request, so that an answer always has a cursor.</summary>
    private static EventQuery Read(QueryReader query, long head)
    {
        var since = query.Text("since") is { } text and not "now" ? Sequence(query, text) : head;
        var timeout = query.Seconds("timeout", EventQuery.DefaultTimeout, EventQuery.MaxTimeout);
        var limit = query.Whole("limit", EventQuery.DefaultLimit, 1, EventQuery.MaxLimit);
        if (!TopicFilter.TryParse([.. query.Many("topic")], out var topics, out var error))
        {
            query.Refuse("topic", error);
        }

        return new EventQuery(since, timeout, limit, topics ?? TopicFilter.Everything);
    }

    private static long Sequence(QueryReader query, string text)
    {
        query.Refuse(
            "since", "must be a sequence number or now",
            unless: long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var since));
        return since;
    }

    private sealed class PageResult(EventPage page) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            page.WriteTo(httpContext.Response.BodyWriter);
            await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
    }
}
