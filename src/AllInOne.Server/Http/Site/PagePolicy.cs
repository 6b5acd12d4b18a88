using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AllInOne.Server.Http.Site;

/// <summary>
/// The content security policy of a page: everything from this server, nothing inline but the scripts that the page itself
/// was built with (its import map must be inline), which are named by their hashes.
/// </summary>
internal static partial class PagePolicy
{
    public static string For(byte[] html)
    {
        var hashes = InlineScript().Matches(Encoding.UTF8.GetString(html))
            .Select(match => $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups["body"].Value)))}'");
        return $"default-src 'self'; script-src 'self'{string.Concat(hashes)}; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    }

    [GeneratedRegex("""<script(?![^>]*\ssrc=)[^>]*>(?<body>.*?)</script>""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();
}
