using AllInOne.Server.Http.Answers;
using Microsoft.Net.Http.Headers;

namespace AllInOne.Server.Http.Site;

/// <summary>
/// The middleware that answers all paths without an endpoint with the files of the dashboard. With <c>no-cache</c> and a content hash, a browser
/// revalidates each file and gets 304 if it is unchanged. So it never mixes files of two versions.
/// </summary>
internal sealed class SiteMiddleware(RequestDelegate next, SiteFiles files)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (context.GetEndpoint() is not null || request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        var navigates = request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        if (files.Find(request.Path.Value is { Length: > 0 } path ? path : "/", navigates) is not { } file)
        {
            return next(context);
        }

        if (!isRead)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        return SendAsync(context, file);
    }

    private static async Task SendAsync(HttpContext context, SiteFile file)
    {
        var response = context.Response;
        response.Headers.ETag = file.ETag;
        response.Headers.CacheControl = "no-cache";
        if (file.Policy is not null)
        {
            response.Headers.ContentSecurityPolicy = file.Policy;
        }

        if (EntityTags.Match(context.Request, new EntityTagHeaderValue(file.ETag)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        // Also for HEAD, for which Kestrel does not set it. The compression needs it to decide on the headers.
        await response.Body.WriteAsync(file.Content, context.RequestAborted);
    }
}
