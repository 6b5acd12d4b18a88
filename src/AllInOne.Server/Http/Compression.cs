using System.IO.Compression;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Answers;
using Microsoft.AspNetCore.ResponseCompression;

namespace AllInOne.Server.Http;

/// <summary>
/// Answers in fewer bytes for who asks. A request that does not ask passes through and holds nothing of it; in one that does, each flush of
/// the answer is a flush of the compressed bytes, so that an event is told when it is written.
/// </summary>
internal static class Compression
{
    private static readonly string[] Types =
    [
        "application/json", "application/problem+json", "application/x-ndjson", "application/manifest+json", "image/svg+xml",
        "text/plain", "text/html", "text/css", "text/javascript",
    ];

    public static void AddCompression(this IServiceCollection services, CompressionOptions options)
    {
        services.AddResponseCompression(compression =>
        {
            compression.MimeTypes = options.Streams ? [.. Types, ServerSentEvents.ContentType] : Types;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }
}
