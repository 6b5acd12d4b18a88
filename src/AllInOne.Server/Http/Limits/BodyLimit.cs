using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Http.Limits;

/// <summary>
/// The middleware for the bodies of requests: it decodes an encoded body (<c>Content-Encoding</c>), and refuses a body with more decoded bytes than
/// <c>Http:MaxBodyBytes</c> with 413. A body that comes too slowly gets 408 (<see cref="BodyPace"/>). Endpoints marked <see cref="Unlimited"/> take
/// any size; there only the expansion is limited. The bodies of all current requests together have a limit too, <c>Http:MaxBodyBytesInFlight</c>
/// (503): see <see cref="RequestMemory"/>. Kestrel's own limit is not used. At its limit, Kestrel closes the connection while the client still sends,
/// and the reset overtakes the answer. Without it, Kestrel reads and discards the rest for up to five seconds, so a client that sends first and reads
/// later still gets the answer.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, HttpOptions options, RequestMemory memory, TimeProvider clock)
{
    /// <summary>A body up to this size is counted before it is read; a larger body is counted while it is read.</summary>
    private const int SmallBytes = 4096;

    /// <summary>
    /// Metadata of an endpoint that takes a body of any size, because it never holds the whole body. The endpoint itself
    /// must count the bytes that it holds, in the request's <see cref="RequestMemory.Share"/> feature.
    /// </summary>
    public static readonly object Unlimited = new UnlimitedMark();

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
        {
            return next(context);
        }

        if (request.Headers.TransferEncoding is { Count: > 0 } transfer && !transfer.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            // Kestrel decodes only the chunks, and would pass the bytes of any other coding on as the body (RFC 9112, 6.1).
            context.Response.Headers.Connection = "close";
            return Problem.Of(StatusCodes.Status501NotImplemented, "Transfer-Encoding takes chunked alone.").ExecuteAsync(context);
        }

        var isLimited = context.GetEndpoint()?.Metadata.GetMetadata<UnlimitedMark>() is null;
        var limit = isLimited ? options.MaxBodyBytes : long.MaxValue;
        if (request.ContentLength > limit)
        {
            throw TooLarge();
        }

        var (codings, unknown) = ContentCodings.Of(request);
        if (unknown is not null)
        {
            return unknown.ExecuteAsync(context);
        }

        return isLimited ? WholeAsync(context, codings) : StreamedAsync(context, codings);
    }

    /// <summary>Serves a request whose body stays in memory until the request has its answer.</summary>
    private async Task WholeAsync(HttpContext context, IReadOnlyList<string> codings)
    {
        using var share = memory.Open();
        if (codings.Count == 0 && context.Request.ContentLength is { } length and <= SmallBytes)
        {
            // Kestrel's minimum rate is sufficient here.
            share.Need(length);
            await next(context);
            return;
        }

        context.Features.Set(share);
        await CountedAsync(context, codings, options.MaxBodyBytes, share.GrowTo);
    }

    private async Task StreamedAsync(HttpContext context, IReadOnlyList<string> codings)
    {
        using var share = memory.Open();
        context.Features.Set(share);
        await CountedAsync(context, codings, long.MaxValue, _ => null);
    }

    /// <summary>Serves a request. While its body is read, the bytes are counted, and decoded if the body is encoded.</summary>
    private async Task CountedAsync(HttpContext context, IReadOnlyList<string> codings, long limit, Func<long, Exception?> hold)
    {
        var request = context.Request;
        using var pace = new BodyPace(options.SlowReadTimeout, clock);
        if (codings.Count == 0)
        {
            request.Body = new CountedBody(request.Body, count => count > limit ? TooLarge() : hold(count), pace: pace);
            await next(context);
            return;
        }

        var encoded = new CountedBody(request.Body, count => count > limit ? TooLarge() : null, pace: pace);
        // Decoders have native memory. The outermost decoder disposes of all inner streams down to CountedBody, which leaves Kestrel's stream open.
        await using var decoded = codings.Aggregate((Stream)encoded, ContentCodings.Decoder);
        request.Body = new CountedBody(decoded, TooMuch, string.Join(", ", codings));
        request.Headers.ContentEncoding = default;
        await next(context);

        Exception? TooMuch(long count) =>
            count > limit ? TooLarge()
            : count > options.MaxBodyBytes && count / options.MaxExpansion > encoded.Count ? new BadHttpRequestException(
                $"The body expands to more than {options.MaxExpansion} times its encoded size (Http:MaxExpansion).", StatusCodes.Status413PayloadTooLarge)
            : hold(count);
    }

    private BadHttpRequestException TooLarge() =>
        new($"The body is larger than {options.MaxBodyBytes} bytes (Http:MaxBodyBytes).", StatusCodes.Status413PayloadTooLarge);

    private sealed class UnlimitedMark;
}
