using System.Diagnostics;

namespace AllInOne.Server.Http;

/// <summary>
/// One line per request when it has ended; health probes and long polls that went well only at Debug. The query is left out: it
/// may hold a token.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var level = IsRoutine(context) ? LogLevel.Debug : LogLevel.Information;
            if (logger.IsEnabled(level))
            {
                // The path in its escaped form: a line break in it stays %0A.
                var (method, path) = (context.Request.Method, context.Request.Path.ToUriComponent());
                var (milliseconds, trace) = (Stopwatch.GetElapsedTime(started).TotalMilliseconds, Problem.TraceIdOf(context));
                LogRequest(level, method, path, context.Response.StatusCode, milliseconds, trace);
            }
        }
    }

    private static bool IsRoutine(HttpContext context) => context.Request.Path.Value switch
    {
        "/healthz" or "/readyz" => true,
        "/api/events" => context.Response.StatusCode == StatusCodes.Status200OK,
        _ => false,
    };

    [LoggerMessage(Message = "{Method} {Path} {Status} in {Milliseconds:0.0} ms, trace {RequestTrace}")]
    private partial void LogRequest(LogLevel level, string method, string path, int status, double milliseconds, string requestTrace);
}
