using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http;

/// <summary>
/// The middleware that answers a request when the process has no memory left. The answer is prepared in advance, because creating it now could fail
/// in the same way. So it has no trace id. This middleware runs outside the compression, because the encoder needs memory too.
/// </summary>
internal sealed partial class ShortMemory(RequestDelegate next, ILogger<ShortMemory> logger)
{
    private static readonly byte[] Document =
        """{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The server has no memory left for this request."}"""u8.ToArray();

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OutOfMemoryException)
        {
            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (ProblemMiddleware.HasBegun(context.Response))
            {
                // An incomplete answer must not look complete.
                context.Abort();
            }
            else
            {
                var response = context.Response;
                ProblemMiddleware.ForgetEntity(response);
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                response.ContentType = Problem.ContentType;
                response.ContentLength = Document.Length;
                response.Headers.CacheControl = "no-store";
                response.Headers.RetryAfter = "1";
                await response.Body.WriteAsync(Document, context.RequestAborted);
            }

            // No stack trace, because this request did not cause the memory shortage, and many requests fail in this way at the same time.
            LogRefused(Excerpt.Of(context.Request.Method), RequestLog.PathOf(context.Request), Problem.TraceIdOf(context));
        }
        catch (Exception failure) when (failure is OutOfMemoryException or OperationCanceledException or IOException)
        {
            // Even this answer failed, or the client has disconnected. If the answer was complete, only its connection is lost.
            context.Abort();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} cannot be answered now: The server has no memory left for this request, trace {RequestTrace}")]
    private partial void LogRefused(string method, string path, string requestTrace);
}
