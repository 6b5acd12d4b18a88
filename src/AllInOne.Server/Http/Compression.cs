using System.IO.Compression;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Answers;
using Microsoft.AspNetCore.ResponseCompression;

namespace AllInOne.Server.Http;

/// <summary>
/// The compression of answers for clients that accept it. Other requests hold no memory for it. Each flush of an answer also flushes the compressed
/// bytes, so that the client gets each event at once.
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
