using AllInOne.Server.Configuration;

namespace AllInOne.Server.Http;

/// <summary>
/// Decodes a body that is encoded (<c>Content-Encoding</c>), and refuses one that is larger than <c>Http:MaxBodyBytes</c> with 413, decoded
/// bytes counted. Endpoints marked <see cref="Unlimited"/> take any size; there only the expansion is limited. Not Kestrel's own
/// limit: past that one it closes the connection on whatever is still coming, and the reset overtakes the answer. Without it Kestrel
/// reads on (five seconds at most, and throws it away), and a client that sends first and reads later sees why it was refused.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, HttpOptions options)
{
    /// <summary>Metadata of an endpoint that takes a body of any size, because it never holds it as a whole.</summary>
    public static readonly object Unlimited = new UnlimitedMark();

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
        {
            return next(context);
        }

        var limit = context.GetEndpoint()?.Metadata.GetMetadata<UnlimitedMark>() is null ? options.MaxBodyBytes : long.MaxValue;
        if (request.ContentLength > limit)
        {
            throw TooLarge();
        }

        var (codings, unknown) = ContentCodings.Of(request);
        if (unknown is not null)
        {
            return unknown.ExecuteAsync(context);
        }

        if (codings.Count > 0)
        {
            request.Body = Decoded(request.Body, codings, limit);
            request.Headers.ContentEncoding = default;
        }
        else if (request.ContentLength is null)
        {
            request.Body = new CountedBody(request.Body, count => count > limit ? TooLarge() : null);
        }

        return next(context);
    }

    private CountedBody Decoded(Stream body, IReadOnlyList<string> codings, long limit)
    {
        var encoded = new CountedBody(body, count => count > limit ? TooLarge() : null);
        var decoded = codings.Aggregate((Stream)encoded, ContentCodings.Decoder);
        return new CountedBody(decoded, TooMuch, string.Join(", ", codings));

        BadHttpRequestException? TooMuch(long count) =>
            count > limit ? TooLarge()
            : count > options.MaxBodyBytes && count / options.MaxExpansion > encoded.Count ? new(
                $"The body expands to more than {options.MaxExpansion} times its encoded size (Http:MaxExpansion).", StatusCodes.Status413PayloadTooLarge)
            : null;
    }

    private BadHttpRequestException TooLarge() =>
        new($"The body is larger than {options.MaxBodyBytes} bytes (Http:MaxBodyBytes).", StatusCodes.Status413PayloadTooLarge);

    private sealed class UnlimitedMark;
}
