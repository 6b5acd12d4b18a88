using AllInOne.Core.Values;

namespace AllInOne.Server.Configuration;

/// <summary>Section <c>Http:Cors</c>: which pages of other sites may call the API from a browser.</summary>
internal sealed class CorsOptions
{
    /// <summary>Origins such as <c>https://home.example:8443</c>, as a browser sends them; none by default. There is no wildcard.</summary>
    public IList<string> Origins { get; set; } = [];

    /// <summary>Whether it is one of them.</summary>
    public bool Allows(string origin) => Origins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Validate() =>
        from origin in Origins
        where !IsOrigin(origin)
        select $"Http:Cors:Origins: '{Excerpt.Of(origin)}' must be an origin such as https://home.example:8443, without a user, a path or a slash at its end";

    /// <summary>
    /// Whether it is an origin as a browser sends it: scheme, host and, where it is not the scheme's own, port. No user, path, query or wildcard, and
    /// a host in ASCII.
    /// </summary>
    internal static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && origin.All(char.IsAscii)
        && Uri.CheckHostName(uri.Host) != UriHostNameType.Unknown
        && string.Equals($"{uri.Scheme}://{uri.Authority}", origin, StringComparison.OrdinalIgnoreCase);
}
