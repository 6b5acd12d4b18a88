namespace AllInOne.Server.Http;

/// <summary>What ASP.NET's own route methods lack.</summary>
internal static class Routes
{
    private static readonly string[] Read = ["GET", "HEAD"];

    /// <summary>A resource that can be read: GET, and HEAD with it, as RFC 9110 asks.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapMethods(pattern, Read, handler);

    /// <summary>The same for a handler that writes its answer itself.</summary>
    public static IEndpointConventionBuilder MapPlainRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapMethods(pattern, Read, handler);
}
