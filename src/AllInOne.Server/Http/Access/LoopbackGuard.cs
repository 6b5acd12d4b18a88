using AllInOne.Core.Values;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http.Access;

/// <summary>
/// Stands in for users while <c>Auth:Mode</c> is <c>none</c>: only this machine may call, and no page of another site through a
/// browser on it. A foreign <c>Host</c> would be DNS rebinding; a foreign <c>Origin</c>, a page elsewhere that calls or opens
/// a WebSocket here, unless <c>Http:Cors</c> names it; some unsafe requests carry no <c>Origin</c> but say <c>Sec-Fetch-Site</c>.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next, CorsOptions cors)
{
    public Task InvokeAsync(HttpContext context) =>
        Refusal(context.Request) is { } reason
            ? Problem.Of(StatusCodes.Status403Forbidden, reason).ExecuteAsync(context)
            : next(context);

    private string? Refusal(HttpRequest request)
    {
        // The header as it was sent: HttpRequest.Host decodes punycode and throws on what is none.
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

    // The scheme is left out: a proxy may speak https to the browser and http to us.
    private static bool IsSameOrigin(string origin, HostString host) =>
        CorsOptions.IsOrigin(origin)
        && new Uri(origin) is var uri
        && string.Equals(uri.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && uri.Port == (host.Port ?? (uri.Scheme == "https" ? 443 : 80));

    private static bool IsUnsafe(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
}
