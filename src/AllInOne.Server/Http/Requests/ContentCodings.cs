using System.IO.Compression;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http.Requests;

/// <summary>The codings that a request's body may have (<c>Content-Encoding</c>), and their decoders.</summary>
internal static class ContentCodings
{
    /// <summary>The accepted codings, in the form of <c>Accept-Encoding</c>.</summary>
    public const string Taken = "gzip, deflate, br";

    /// <summary>The maximum number of codings. Each one multiplies the size to which a few bytes may expand.</summary>
    private const int Most = 2;

    /// <summary>Returns the codings in the order of decoding, or the problem to answer.</summary>
    public static (IReadOnlyList<string> Codings, Problem? Wrong) Of(HttpRequest request)
    {
        var codings = request.Headers.ContentEncoding.ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(coding => coding.ToLowerInvariant())
            .Where(coding => coding != "identity")
            .Reverse()
            .ToList();
        return codings.Count <= Most && codings.TrueForAll(IsKnown)
            ? (codings, null)
            : ([], Problem.Unsupported($"Content-Encoding must be at most {Most} of {Taken}.", "Accept-Encoding", Taken));
    }

    public static Stream Decoder(Stream encoded, string coding) => coding switch
    {
        "gzip" or "x-gzip" => new GZipStream(encoded, CompressionMode.Decompress),
        "deflate" => new ZLibStream(encoded, CompressionMode.Decompress),
        "br" => new BrotliStream(encoded, CompressionMode.Decompress),
        _ => throw new ArgumentOutOfRangeException(nameof(coding)),
    };

    private static bool IsKnown(string coding) => coding is "gzip" or "x-gzip" or "deflate" or "br";
}
