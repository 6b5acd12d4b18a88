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
/// The strict reader of a body that is one JSON value. Another content type gets 415. Invalid JSON (also a member given twice, too deep nesting, not
/// UTF-8) gets 400. <see cref="BodyLimit"/> limits the size (413), and the endpoint checks the meaning (422).
/// </summary>
internal static class JsonBody
{
    public const int MaxDepth = 32;

    /// <summary>Returns the document, which the caller disposes of, or the problem to answer.</summary>
    /// <param name="maxDepth">The maximum depth of arrays and objects.</param>
    /// <param name="orType">Another accepted content type.</param>
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
            // Each byte of a body is already counted with its usual cost. The parser's table of short values costs more than that.
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
            // The document keeps the buffer of the stream; no other code uses it.
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
