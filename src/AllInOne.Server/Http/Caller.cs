namespace AllInOne.Server.Http;

/// <summary>The identity of a caller for fair sharing: its IP address, until there are users.</summary>
internal static class Caller
{
    public static string Of(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
