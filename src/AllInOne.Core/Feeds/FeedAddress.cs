using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AllInOne.Core.Values;

namespace AllInOne.Core.Feeds;

/// <summary>Reads <c>address:port</c>. The port is required, because a bare number would otherwise count as an address.</summary>
internal static class FeedAddress
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out IPEndPoint? endPoint, [NotNullWhen(false)] out string? problem)
    {
        endPoint = null;
        problem = null;
        text = text?.Trim() ?? "";
        var colon = text.LastIndexOf(':');
        if (colon < 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || ParseAddress(text[..colon]) is not { } address)
        {
            problem = $"'{Excerpt.Of(text)}'; it takes an address and a port, such as 127.0.0.1:7070";
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }

    private static IPAddress? ParseAddress(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
        _ => IpText.TryParse(text, out var address) ? address : null,
    };
}
