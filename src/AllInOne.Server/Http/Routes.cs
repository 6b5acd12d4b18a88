namespace AllInOne.Server.Http;

/// <summary>Route methods that ASP.NET Core does not have.</summary>
internal static class Routes
{
    private static readonly string[] Read = ["GET", "HEAD"];

    /// <summary>Maps a resource that can be read: GET and HEAD (RFC 9110).</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapMethods(pattern, Read, handler);

    /// <summary>Maps a resource that can be read, for a handler that writes its own answer.</summary>
    public static IEndpointConventionBuilder MapPlainRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapMethods(pattern, Read, handler);
}
