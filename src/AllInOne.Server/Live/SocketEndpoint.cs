using AllInOne.Core.Live;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Live;

/// <summary>The resource <c>/api/events/ws</c>: serves a WebSocket until it is closed. Any other request gets 426.</summary>
internal static class SocketEndpoint
{
    public static async Task ServeAsync(LiveConnections live, HttpContext context, CancellationToken ending)
    {
        if (new QueryReader(context.Request).Wrong() is { } wrong)
        {
            await wrong.ExecuteAsync(context);
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await Problem.Of(StatusCodes.Status426UpgradeRequired, "This is a WebSocket; events over plain HTTP are at /api/events.").ExecuteAsync(context);
            return;
        }

        await new SocketSession(live, context).RunAsync(ending);
    }
}
