using System.Net;

namespace AllInOne.Server.Configuration;

/// <summary>
/// The addresses of <c>Urls</c> (Kestrel's own form, separated by semicolons). Without users only loopback addresses are
/// accepted: whoever reaches the port may do everything.
/// </summary>
internal static class ListenUrls
{
    public const string Default = "http://127.0.0.1:5000";

    public static IReadOnlyList<string> Split(string? urls) =>
        (urls ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static IEnumerable<string> Problems(string? urls)
    {
        var all = Split(urls);
        return all.Count == 0 ? ["Urls names no address"] : all.Select(Problem).OfType<string>();
    }

    /// <summary>Whether a host name or address can only mean this machine.</summary>
    public static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string? Problem(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return $"Urls: '{url}' is not an address such as {Default}";
        }

        return address switch
        {
            { IsUnixPipe: true } or { IsNamedPipe: true } => $"Urls: '{url}' is no TCP address",
            { Scheme: not "http" } => $"Urls: '{url}' must begin with http:// (this version does not serve {address.Scheme})",
            { PathBase.Length: > 0 } => $"Urls: '{url}' must not have a path",
            { Port: < 0 or > 65535 } => $"Urls: '{url}' has a port out of range",
            { Port: 0, Host: var host } when !IPAddress.TryParse(host.Trim('[', ']'), out _) =>
                $"Urls: '{url}': a free port (0) needs an address, such as http://127.0.0.1:0",
            { Host: var host } when !IsLoopback(host) =>
                $"Urls: '{url}' can be reached from other machines, which Auth:Mode=none does not allow; use a loopback address such as {Default}",
            _ => null,
        };
    }
}
