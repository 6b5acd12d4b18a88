using System.Globalization;
using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;
using AllInOne.Server.Live;

namespace AllInOne.Server.Endpoints;

/// <summary>
/// The resource <c>/api/events</c>: the event log as a long poll, as server-sent events if the client accepts them, and over WebSocket.
/// </summary>
internal static class EventsEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>A page up to this size does not count, because thousands of clients may wait for the same event.</summary>
    private const int SmallBytes = 16 * 1024;

    private const int LargeBytes = 256 * 1024;

    public static void MapEvents(this IEndpointRouteBuilder api, LiveConnections live, CancellationToken ending)
    {
        var logger = api.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger<SseStream>();
        ending.UnsafeRegister(static connections => ((LiveConnections)connections!).End(), live);
        var answers = api.ServiceProvider.GetRequiredService<RequestMemory>();
        // Plain handlers, because they keep no objects of the routing while a client waits.
        api.MapPlainRead("/events", (HttpContext context) =>
            AcceptsStream(context.Request) ? FollowAsync(live, context, logger, ending) : PollAsync(live, answers, context, ending));
        api.MapPlainRead("/events/ws", (HttpContext context) => SocketEndpoint.ServeAsync(live, context, ending));
    }

    private static bool AcceptsStream(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(ServerSentEvents.ContentType, StringComparison.OrdinalIgnoreCase);

    private static Task FollowAsync(LiveConnections live, HttpContext context, ILogger logger, CancellationToken ending)
    {
        var query = new QueryReader(context.Request);
        long? since = Since(query);
        // The cursor of the browser is newer: the URL stays the same as when the page opened the stream.
        var last = context.Request.Headers[LastEventId].ToString();
        if (last.Length > 0)
        {
            since = Sequence(query, LastEventId, last);
        }

        var topics = Topics(query);
        return query.Wrong() is { } wrong ? wrong.ExecuteAsync(context)
            : HttpMethods.IsHead(context.Request.Method) ? SseStream.HeadAsync(context)
            : SseStream.FollowAsync(live, context, since, topics, logger, ending);
    }

    private static Task PollAsync(LiveConnections live, RequestMemory answers, HttpContext context, CancellationToken ending)
    {
        var reader = new QueryReader(context.Request);
        var query = Read(reader, live.Events.Head);
        return reader.Wrong() is { } wrong ? wrong.ExecuteAsync(context) : AnswerAsync(live, query, answers, context, ending);
    }

    private static Task<EventPage> AnswerAsync(
        LiveConnections live, EventQuery query, RequestMemory answers, HttpContext context, CancellationToken ending)
    {
        var poll = live.ReadAsync(
            ending.IsCancellationRequested || HttpMethods.IsHead(context.Request.Method) ? query with { Timeout = TimeSpan.Zero } : query,
            context.RequestAborted,
            page => WriteAsync(page, live, answers, context, ending));
        if (!poll.IsCompleted && ending.IsCancellationRequested)
        {
            // This request came after the other ones were notified.
            live.End();
        }

        return poll;
    }

    private static async ValueTask WriteAsync(
        EventPage page, LiveConnections live, RequestMemory answers, HttpContext context, CancellationToken ending)
    {
        if (page.Length > SmallBytes)
        {
            // Events in the ring are shared between requests. Events from history take at most this size.
            answers.Open(context).Need(Math.Min(page.Length, LargeBytes));
        }

        var response = context.Response;
        if (page.Events.Count == 0 && ending.IsCancellationRequested)
        {
            // The web host stops. The empty answer makes the client continue at the next host. Each client gets a different delay, so they do not
            // come all at once.
            response.Headers.RetryAfter =
                Math.Ceiling(live.RetryAfter().TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = page.Length;
        await page.WriteAsync(response.BodyWriter, context.RequestAborted);
    }

    /// <summary>Reads the query. "now" is resolved at the time of the request, so that an answer always has a cursor.</summary>
    private static EventQuery Read(QueryReader query, long head)
    {
        var since = Since(query) ?? head;
        var timeout = query.Seconds("timeout", EventQuery.DefaultTimeout, EventQuery.MaxTimeout);
        var limit = query.Whole("limit", EventQuery.DefaultLimit, 1, EventQuery.MaxLimit);
        return new EventQuery(since, timeout, limit, Topics(query));
    }

    private static long? Since(QueryReader query) =>
        query.Text("since") is { } text and not "now" ? Sequence(query, "since", text) : null;

    private static TopicFilter Topics(QueryReader query)
    {
        if (!TopicFilter.TryParse([.. query.Many("topic")], out var topics, out var error))
        {
            query.Refuse("topic", error);
        }

        return topics ?? TopicFilter.Everything;
    }

    private static long Sequence(QueryReader query, string name, string text)
    {
        query.Refuse(
            name, "must be a sequence number or now",
            unless: long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var since));
        return since;
    }
}
