namespace AllInOne.Server.Http;

/// <summary>Who asks, where callers share something: their address, as long as there are no users.</summary>
internal static class Caller
{
    public static string Of(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
