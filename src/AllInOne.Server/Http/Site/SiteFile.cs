using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace AllInOne.Server.Http.Site;

/// <summary>One file of the dashboard, in memory, with its headers.</summary>
/// <param name="Content">The whole content.</param>
/// <param name="ContentType">The type by the extension of the name.</param>
/// <param name="ETag">A hash of the content, so that it stays the same over restarts and builds.</param>
/// <param name="Policy">The content security policy of a page; null for everything else.</param>
internal sealed record SiteFile(byte[] Content, string ContentType, string ETag, string? Policy)
{
    private static readonly FileExtensionContentTypeProvider Types = new(
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [".html"] = "text/html; charset=utf-8",
            [".css"] = "text/css; charset=utf-8",
            [".js"] = "text/javascript; charset=utf-8",
            [".mjs"] = "text/javascript; charset=utf-8",
            [".json"] = "application/json",
            [".webmanifest"] = "application/manifest+json",
            [".svg"] = "image/svg+xml",
            [".png"] = "image/png",
            [".ico"] = "image/x-icon",
            [".woff2"] = "font/woff2",
            [".txt"] = "text/plain; charset=utf-8",
        });

    public static SiteFile From(string path, byte[] content)
    {
        var type = Types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"";
        return new SiteFile(content, type, tag, type.StartsWith("text/html", StringComparison.Ordinal) ? PagePolicy.For(content) : null);
    }
}
