using System.Net.Mime;
using System.Text.Json;
using System.Text.Unicode;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;

namespace AllInOne.Server.Http.Requests;

/// <summary>
/// Reads a request's body as one JSON value, strictly: another content type is 415; what is no JSON (a member given twice,
/// nested too deep, not UTF-8) is 400. Its size is the business of <see cref="BodyLimit"/> (413). What the value means is for the endpoint (422).
/// </summary>
internal static class JsonBody
{
    public const int MaxDepth = 32;

    /// <summary>The document, to be disposed of by the caller, or the problem to answer.</summary>
    /// <param name="maxDepth">The most arrays and objects inside one another.</param>
    /// <param name="orType">Another content type that is taken.</param>
    public static async Task<(ParsedJson? Document, Problem? Problem)> ReadAsync(
        HttpRequest request, int maxDepth = MaxDepth, string? orType = null)
    {
        string[] types = orType is null ? [MediaTypeNames.Application.Json] : [MediaTypeNames.Application.Json, orType];
        if (!MediaType.IsAnyOf(request.ContentType, types))
        {
            return (null, MediaType.Unsupported(request, types));
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var bytes = ByteOrderMark.Skip(body.GetBuffer().AsMemory(0, (int)body.Length));
        if (!Utf8.IsValid(bytes.Span))
        {
            return (null, Problem.BadRequest(ByteOrderMark.IsUtf16(bytes.Span) ? "The body is UTF-16; it must be UTF-8." : "The body is not UTF-8."));
        }

        if (HalfCharacters.AreIn(bytes.Span))
        {
            return (null, Problem.BadRequest("The body has half of a surrogate pair (\\ud800 to \\udfff), which is no text."));
        }

        if (request.HttpContext.Features.Get<RequestMemory.Share>() is { } share)
        {
            // A byte of a body counts for what it costs otherwise; the parser's table of short values costs more than all the rest.
            var held = bytes.Length + (ParsedJson.TableBytes(bytes.Span) / MemoryBudget.BodyCost);
            if (!share.MayHold(held))
            {
                return (null, Problem.Of(
                    StatusCodes.Status413PayloadTooLarge,
                    $"The body has so many values that it takes {held} bytes, more than bodies may take together (Http:MaxBodyBytesInFlight)."));
            }

            share.Need(held);
        }

        try
        {
            // The document keeps the stream's buffer, which nobody else has.
            return (ParsedJson.Parse(bytes, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false }), null);
        }
        catch (JsonException broken)
        {
            return (null, Problem.BadRequest($"The body is not right JSON: {BrokenJson.Describe(broken, bytes.Length)}"));
        }
    }

    /// <summary>Reads a body that has one member, a whole number, from a request without query parameters.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="min">The smallest value.</param>
    /// <param name="max">The largest value.</param>
    /// <returns>The number, or the problem to answer.</returns>
    public static async Task<(long Value, IResult? Wrong)> ReadWholeAsync(HttpRequest request, string name, long min, long max)
    {
        if (QueryReader.None(request) is { } unfit)
        {
            return (0, unfit);
        }

        var (document, unreadable) = await ReadAsync(request);
        using (document)
        {
            if (unreadable is not null)
            {
                return (0, unreadable);
            }

            var members = new JsonMembers(document!.RootElement);
            var value = members.Whole(name, min, max);
            return (value, members.Wrong());
        }
    }
}
