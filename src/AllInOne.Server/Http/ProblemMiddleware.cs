using AllInOne.Core.Documents;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;
using Microsoft.AspNetCore.Connections;

namespace AllInOne.Server.Http;

/// <summary>
/// The middleware that turns failures into problem documents: it logs an exception (except a lack of memory, see <see cref="ShortMemory"/>), and adds
/// a document to an error without a body (an unknown path, a wrong method). If the response has started already, it aborts the connection.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    private static readonly TimeSpan AbortTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception gone) when (IsClientGone(gone, context))
        {
            // Abort also if the client disconnects while its problem document is written. Otherwise Kestrel tries to read the rest of the
            // body and logs an error.
            RequestLog.MarkClientGone(context);
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !IsClientGone(failure, context))
        {
            var problem = ProblemOf(failure, context);
            if (HasBegun(context.Response))
            {
                // An incomplete answer must not look complete.
                context.Abort();
                return;
            }

            ForgetEntity(context.Response);
            if (problem.Status == StatusCodes.Status408RequestTimeout)
            {
                // The rest of the body may never arrive, so this connection cannot carry another request.
                context.Response.Headers.Connection = "close";
            }

            await problem.ExecuteAsync(context);
            if (IsBrokenBody(failure) && await IsAbortedAsync(context))
            {
                RequestLog.MarkClientGone(context);
                context.Abort();
            }

            return;
        }

        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= 400 && response.ContentLength is null && response.ContentType is null)
        {
            await Problem.Of(response.StatusCode, Explain(context)).ExecuteAsync(context);
        }
    }

    /// <summary>Removes the headers of the answer that is replaced.</summary>
    internal static void ForgetEntity(HttpResponse response)
    {
        response.Headers.ETag = default;
        response.Headers.ContentDisposition = default;
    }

    private static bool IsClientGone(Exception failure, HttpContext context) =>
        failure is ConnectionResetException or ConnectionAbortedException
        || (failure is OperationCanceledException or IOException and not BadHttpRequestException && context.RequestAborted.IsCancellationRequested);

    /// <summary>
    /// Whether the failure is Kestrel's own exception (a derived type), alone or inside ours: the bytes of the body are wrong or have ended.
    /// </summary>
    private static bool IsBrokenBody(Exception failure) =>
        failure is BadHttpRequestException && (failure.InnerException is IOException || failure.GetType() != typeof(BadHttpRequestException));

    /// <summary>
    /// Whether the client has gone. Kestrel reports that a body ended too early, and cancels the request a moment later on another thread. So this
    /// waits a moment for the cancellation. The answer is already sent and the connection is closed after it, so no client waits for this.
    /// </summary>
    private static async Task<bool> IsAbortedAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(AbortTime, context.RequestAborted);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    // This includes written bytes that are not yet sent, because they cannot be withdrawn.
    internal static bool HasBegun(HttpResponse response) =>
        response.HasStarted || (response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 });

    private Problem ProblemOf(Exception failure, HttpContext context)
    {
        var (method, path, trace) = (Excerpt.Of(context.Request.Method), RequestLog.PathOf(context.Request), Problem.TraceIdOf(context));
        switch (failure)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } late when late.GetType() != typeof(BadHttpRequestException):
                // Kestrel's own text names a setting that this server does not have.
                return Problem.Of(late.StatusCode, "The body came too slowly.");
            case BadHttpRequestException refused:
                return Problem.Of(refused.StatusCode, refused.Message);
            case CollectionGoneException gone:
                if (HasBegun(context.Response))
                {
                    LogCutOff(method, path, gone.Message, trace);
                }

                return Problem.NotFound(gone.Message);
            case FullException full:
                return Problem.Of(StatusCodes.Status507InsufficientStorage, full.Message);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Path} was cut off: {Reason} Trace {RequestTrace}")]
    private partial void LogCutOff(string method, string path, string reason, string requestTrace);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed, trace {RequestTrace}")]
    private partial void LogCrash(Exception crash, string method, string path, string requestTrace);
}
