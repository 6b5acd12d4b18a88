namespace AllInOne.Server.Http;

/// <summary>
/// The boundary of every request: an exception becomes a logged 500, and an error that nobody has given a body (an unmatched
/// path, a wrong method, a body that Kestrel refused) gets its problem document. A response under way is broken off.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>nginx's code for a client that went away; nobody gets it, the request log shows it.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await Problem.Of(refused.StatusCode, refused.Message).ExecuteAsync(context);
            return;
        }
        catch (Exception crash) when (!context.Response.HasStarted)
        {
            LogCrash(crash, context.Request.Method, context.Request.Path.ToUriComponent());
            context.Response.Headers.ETag = default;
            await Problem.Of(StatusCodes.Status500InternalServerError, "The request failed; the log has the reason under the trace id.")
                .ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= 400 && response.ContentLength is null && response.ContentType is null)
        {
            await Problem.Of(response.StatusCode, Explain(context)).ExecuteAsync(context);
        }
    }

    private static string? Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path.ToUriComponent()}.",
        StatusCodes.Status405MethodNotAllowed =>
            $"{context.Request.Method} is not one of the methods here: {context.Response.Headers.Allow}.",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogCrash(Exception crash, string method, string path);
}
