using AllInOne.Server.Http.Site;

namespace AllInOne.Server.Http.Access;

/// <summary>
/// The security headers of every response. Answers of the API lack the headers that matter only for pages, because the headers of a live client stay
/// in memory while it is connected. Only pages have a content security policy (<see cref="SiteFiles"/>).
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
