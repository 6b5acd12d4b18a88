using AllInOne.Server.Configuration;

namespace AllInOne.Server.Http.Access;

/// <summary>
/// The middleware for pages of other origins (CORS): the configured origins may call the API from a browser, with credentials, and get answers to
/// their preflight requests. Other origins get no header, so the browser hides the answer from their pages.
/// </summary>
internal sealed class CrossOrigin(RequestDelegate next, CorsOptions options)
{
    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private const string Headers = "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID";
    private const string Exposed = "ETag, Location, Retry-After";
    private const string PreflightSeconds = "600";

    public Task InvokeAsync(HttpContext context)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        if (options.Origins.Count == 0 || !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        // Also for origins that are not configured: a cache must not give the answer for one site to another.
        headers.Append("Vary", "Origin");
        var origin = request.Headers.Origin.ToString();
        if (!options.Allows(origin))
        {
            return next(context);
        }

        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlExposeHeaders = Exposed;
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return next(context);
        }

        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = Headers;
        headers.AccessControlMaxAge = PreflightSeconds;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
