using AllInOne.Core.Values;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http.Access;

/// <summary>
/// The middleware that refuses foreign callers while <c>Auth:Mode</c> is <c>none</c>: only this machine may call, and not for a page of another site
/// in a browser. A foreign <c>Host</c> would be DNS rebinding. A foreign <c>Origin</c> is a page of another site, unless <c>Http:Cors</c> allows it.
/// Some unsafe requests have <c>Sec-Fetch-Site</c> instead of <c>Origin</c>.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next, CorsOptions cors)
{
    public Task InvokeAsync(HttpContext context) =>
        Refusal(context.Request) is { } reason
            ? Problem.Of(StatusCodes.Status403Forbidden, reason).ExecuteAsync(context)
            : next(context);

    private string? Refusal(HttpRequest request)
    {
        // The header as the client sent it, because HttpRequest.Host decodes punycode and throws if it is invalid.
        var host = new HostString(request.Headers.Host.ToString());
        if (!ListenUrls.IsLoopback(host.Host))
        {
            return $"The Host '{Excerpt.Of(host.Value!)}' is not this machine; without users only localhost and loopback addresses are answered.";
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && cors.Allows(origin))
        {
            return null;
        }

        if (origin.Length > 0 && !IsSameOrigin(origin, host))
        {
            return $"A page of '{Excerpt.Of(origin, 256)}' may not call this server.";
        }

        return IsUnsafe(request.Method) && request.Headers["Sec-Fetch-Site"] == "cross-site"
            ? "A page of another site may not call this server."
            : null;
    }

    // Without the scheme: a proxy may use https to the browser and http to this server.
    private static bool IsSameOrigin(string origin, HostString host) =>
        CorsOptions.IsOrigin(origin)
        && new Uri(origin) is var uri
        && string.Equals(uri.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && uri.Port == (host.Port ?? (uri.Scheme == "https" ? 443 : 80));

    private static bool IsUnsafe(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
}
