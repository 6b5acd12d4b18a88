using System.Diagnostics;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http;

/// <summary>
/// The middleware that logs one line for each completed request. Health probes, successful long polls, and requests for single keys of the state are
/// only logged at level Debug, because there may be tens of thousands of them a second. The line does not have the query, because it may contain a
/// token.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, RequestFigures figures, ILogger<RequestLog> logger)
{
    private const int PathLength = 512;

    /// <summary>The code of nginx for a client that has disconnected; it is never sent.</summary>
    private const int ClientClosedRequest = 499;

    private static readonly object ClientGone = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        figures.Started();
        try
        {
            await next(context);
        }
        finally
        {
            var status = context.Items.ContainsKey(ClientGone) ? ClientClosedRequest : context.Response.StatusCode;
            figures.Completed(status, Stopwatch.GetElapsedTime(started));
            Write(context, status, started);
        }
    }

    private void Write(HttpContext context, int status, long started)
    {
        var level = IsRoutine(context) ? LogLevel.Debug : LogLevel.Information;
        if (!logger.IsEnabled(level))
        {
            return;
        }

        try
        {
            var (method, path) = (Excerpt.Of(context.Request.Method), PathOf(context.Request));
            var (milliseconds, trace) = (Stopwatch.GetElapsedTime(started).TotalMilliseconds, Problem.TraceIdOf(context));
            LogRequest(level, method, path, status, milliseconds, trace);
        }
        catch (OutOfMemoryException)
        {
            // The request has its answer, so a failure to log must not close its connection.
        }
    }

    /// <summary>Records that the client closed the connection before its answer was complete.</summary>
    public static void MarkClientGone(HttpContext context) => context.Items[ClientGone] = ClientGone;

    /// <summary>The path for a log line: cut, and escaped so that a line break stays %0A.</summary>
    internal static string PathOf(HttpRequest request) =>
        Excerpt.Of(new PathString(Excerpt.Of(request.Path.Value ?? "", PathLength)).ToUriComponent(), PathLength);

    private static bool IsRoutine(HttpContext context) => context.Request.Path.Value switch
    {
        "/healthz" or "/readyz" or "/metrics" => true,
        "/api/events" => context.Response.StatusCode == StatusCodes.Status200OK,
        "/api/events/ws" => context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols,
        { } path when path.StartsWith("/api/state/", StringComparison.OrdinalIgnoreCase) =>
            context.Response.StatusCode < StatusCodes.Status500InternalServerError,
        _ => false,
    };

    [LoggerMessage(Message = "{Method} {Path} {Status} in {Milliseconds:0.0} ms, trace {RequestTrace}")]
    private partial void LogRequest(LogLevel level, string method, string path, int status, double milliseconds, string requestTrace);
}
