using AllInOne.Core.Values;
using AllInOne.Core.Values.Options;

namespace AllInOne.Server.Configuration;

/// <summary>The options of calls from pages of other sites (section <c>Http:Cors</c>).</summary>
internal sealed class CorsOptions : IOptionRules
{
    /// <summary>Origins such as <c>https://home.example:8443</c>, as a browser sends them; none by default. There is no wildcard.</summary>
    public IList<string> Origins { get; set; } = [];

    /// <summary>Whether pages of this origin may call.</summary>
    public bool Allows(string origin) => Origins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> BrokenRules() =>
        from origin in Origins
        where !IsOrigin(origin)
        select $"Http:Cors:Origins has '{Excerpt.Of(origin)}'; it takes origins such as https://home.example:8443, without a user, a path or a slash at the end";

    /// <summary>
    /// Whether a text is an origin as a browser sends it: the scheme, the host, and the port unless it is the default of the scheme. It has no
    /// user, path, query or wildcard, and the host is in ASCII.
    /// </summary>
    internal static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && origin.All(char.IsAscii)
        && Uri.CheckHostName(uri.Host) != UriHostNameType.Unknown
        && string.Equals($"{uri.Scheme}://{uri.Authority}", origin, StringComparison.OrdinalIgnoreCase);
}
