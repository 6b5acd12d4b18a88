using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AllInOne.Core.Feeds;

namespace AllInOne.Server.Configuration;

/// <summary>
/// One address of <c>Urls</c>. It is parsed once, so the checked address is the one that Kestrel binds. Kestrel's own parser accepts other texts as
/// host names, and then listens on every address.
/// </summary>
/// <param name="Address">Null for <c>localhost</c>: the loopback addresses of both families.</param>
/// <param name="Port">0 takes a free port.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    private const string Scheme = "http://";
    private const int DefaultPort = 80;

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    /// <summary>Parses a text. Returns the address, or the problem as a phrase that follows the text.</summary>
    public static (ListenAddress? Address, string? Problem) Parse(string url)
    {
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, url.Contains("://", StringComparison.Ordinal)
                ? $" must begin with http:// (this version does not serve {url[..url.IndexOf(':', StringComparison.Ordinal)]})"
                : $" is not an address such as {ListenUrls.Default}");
        }

        var rest = url[Scheme.Length..];
        if (rest.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("pipe:", StringComparison.OrdinalIgnoreCase))
        {
            return (null, " is no TCP address");
        }

        var path = rest.IndexOf('/', StringComparison.Ordinal);
        if (path >= 0 && path < rest.Length - 1)
        {
            return (null, " must not have a path");
        }

        var (host, portText) = Split(path < 0 ? rest : rest[..path]);
        if (portText is not null && (portText.Length == 0 || !portText.All(char.IsAsciiDigit)))
        {
            return (null, $" is not an address such as {ListenUrls.Default}");
        }

        // The text has only digits, so the number is too large.
        if (!ushort.TryParse(portText ?? $"{DefaultPort}", NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return (null, " has a port out of range");
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return port == 0 ? (null, ": a free port (0) needs an address, such as http://127.0.0.1:0") : (new ListenAddress(null, port), null);
        }

        return IpText.TryParse(host, out var address) ? (new ListenAddress(address, port), null)
            : host is "*" or "+" ? (new ListenAddress(IPAddress.IPv6Any, port), null)
            : Uri.CheckHostName(host) == UriHostNameType.Dns && host.Any(char.IsAsciiLetter) && !IsNumber(host)
                ? (null, $" can be reached from other machines; write an address such as {ListenUrls.Default}")
                : (null, $" is not an address such as {ListenUrls.Default}: write IPv4 as four decimal numbers, IPv6 in brackets");
    }

    /// <summary>The address in the form of <c>Urls</c>.</summary>
    public override string ToString()
    {
        var host = Address is null ? "localhost" : Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Address}]" : $"{Address}";
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}{host}:{Port}");
    }

    private static (string Host, string? Port) Split(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon < 0 || authority.EndsWith(']') ? (authority, null) : (authority[..colon], authority[(colon + 1)..]);
    }

    // For example 0x7f.1, which some programs read as 127.0.0.1.
    private static bool IsNumber(string host) => char.IsAsciiDigit(host.Split('.')[^1].FirstOrDefault());
}
