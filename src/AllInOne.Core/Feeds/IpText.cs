using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace AllInOne.Core.Feeds;

/// <summary>
/// Reads an IP address in the only form that all programs read in the same way: four decimal numbers, or IPv6 in brackets. The framework's parser
/// also accepts "127.1", "0x7f.1", "2130706433", octal numbers and scopes, which other programs read differently or not at all.
/// </summary>
public static class IpText
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isSix = text is ['[', .., ']'];
        return IPAddress.TryParse(isSix ? text[1..^1] : text, out address)
            && (isSix ? IsSix(text[1..^1], address) : address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text);
    }

    // A mapped address (::ffff:127.0.0.1) would be a second way to write an IPv4 address.
    private static bool IsSix(string text, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');
}
