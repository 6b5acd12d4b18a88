using AllInOne.Core;
using AllInOne.Core.Storage;

namespace AllInOne.Server.Http;

/// <summary>
/// The boundary of every request: an exception becomes a logged problem document, and an error that nobody has given a body (an
/// unmatched path, a wrong method) gets its own. A response under way is broken off.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>nginx's code for a client that went away; nobody gets it, the request log shows it.</summary>
    private const int ClientClosedRequest = 499;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (!context.Response.HasStarted && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            context.Response.Headers.ETag = default;
            context.Response.Headers.ContentDisposition = default;
            await ProblemOf(failure, context).ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= 400 && response.ContentLength is null && response.ContentType is null)
        {
            await Problem.Of(response.StatusCode, Explain(context)).ExecuteAsync(context);
        }
    }

    private Problem ProblemOf(Exception failure, HttpContext context)
    {
        var (method, path, trace) = (context.Request.Method, RequestLog.PathOf(context.Request), Problem.TraceIdOf(context));
        switch (failure)
        {
            case BadHttpRequestException refused:
                return Problem.Of(refused.StatusCode, refused.Message);
            case UnavailableException or StorageException:
                LogUnavailable(failure.Message, method, path, trace);
                return Problem.Unavailable(failure.Message, RetryAfter);
            default:
                LogCrash(failure, method, path, trace);
                return Problem.Of(StatusCodes.Status500InternalServerError, "The request failed; the log has the reason under the trace id.");
        }
    }

    private static string? Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at {RequestLog.PathOf(context.Request)}.",
        StatusCodes.Status405MethodNotAllowed =>
            $"{Excerpt.Of(context.Request.Method)} is not one of the methods here: {context.Response.Headers.Allow}.",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} cannot be answered now: {Reason}, trace {RequestTrace}")]
    private partial void LogUnavailable(string reason, string method, string path, string requestTrace);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed, trace {RequestTrace}")]
    private partial void LogCrash(Exception crash, string method, string path, string requestTrace);
}
