using System.Net;
using AllInOne.Core.Feeds;
using AllInOne.Core.Values;

namespace AllInOne.Server.Configuration;

/// <summary>
/// The parser of <c>Urls</c>, a list of addresses separated by semicolons. Until there are users, only loopback addresses are accepted, because each
/// client that reaches the port has full access.
/// </summary>
internal static class ListenUrls
{
    public const string Default = "http://127.0.0.1:5000";

    /// <summary>The addresses. Call it only if there are no <see cref="Problems"/>.</summary>
    public static IReadOnlyList<ListenAddress> Parse(string? urls) => [.. Split(urls).Select(url => ListenAddress.Parse(url).Address!)];

    public static IEnumerable<string> Problems(string? urls)
    {
        var all = Split(urls);
        return all.Length == 0 ? ["Urls names no address"] : all.Select(Problem).OfType<string>();
    }

    /// <summary>Whether the host of a <c>Host</c> header always means this machine.</summary>
    public static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IpText.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static string[] Split(string? urls) =>
        (urls ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Problem(string url) => ListenAddress.Parse(url) switch
    {
        (_, { } problem) => $"Urls: '{Excerpt.Of(url)}'{problem}",
        ({ IsLoopback: false }, _) =>
            $"Urls: '{Excerpt.Of(url)}' can be reached from other machines, which Auth:Mode=none does not allow; use a loopback address such as {Default}",
        _ => null,
    };
}
