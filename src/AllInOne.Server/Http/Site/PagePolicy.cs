using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AllInOne.Server.Http.Site;

/// <summary>
/// The content security policy of a page: all resources come from this server. Inline scripts are forbidden, except those of the page itself, which
/// the policy lists by their hashes, because an import map must be inline.
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
