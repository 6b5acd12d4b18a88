using AllInOne.Server.Http.Site;

namespace AllInOne.Server.Http.Access;

/// <summary>
/// What every response says to a browser. What concerns only pages and what they load is left out where the API answers, since a live client
/// holds its headers for as long as it waits. The content security policy goes with the pages only (<see cref="SiteFiles"/>).
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            headers.CacheControl = "no-store";
        }
        else
        {
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        return next(context);
    }
}
