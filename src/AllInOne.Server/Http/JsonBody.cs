using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace AllInOne.Server.Http;

/// <summary>
/// Reads a request's body as one JSON value, strictly: another content type is 415; what is no JSON (a member given twice,
/// nested too deep, not UTF-8) is 400. Its size is Kestrel's business (413). What the value means is for the endpoint (422).
/// </summary>
internal static class JsonBody
{
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The document, to be disposed of by the caller, or the problem to answer.</summary>
    public static async Task<(JsonDocument? Document, Problem? Problem)> ReadAsync(HttpRequest request)
    {
        if (!IsJson(request.ContentType))
        {
            return (null, Problem.Of(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json in UTF-8."));
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!Utf8.IsValid(bytes.Span))
        {
            return (null, Problem.BadRequest("The body is not UTF-8."));
        }

        if (HasHalfCharacter(bytes.Span))
        {
            return (null, Problem.BadRequest("The body has half of a surrogate pair (\\ud800 to \\udfff), which is no text."));
        }

        try
        {
            // The document keeps the stream's buffer, which nobody else has.
            return (JsonDocument.Parse(bytes, Strict), null);
        }
        catch (JsonException broken)
        {
            return (null, Problem.BadRequest($"The body is not right JSON: {broken.Message}"));
        }
    }

    /// <summary>An escaped lone surrogate is legal JSON but no legal text: nobody could read it back.</summary>
    private static bool HasHalfCharacter(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return false;
        }
        catch (JsonException)
        {
            // What else is wrong is for the parser to say.
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        && (type.Encoding is null || type.Encoding.CodePage == Encoding.UTF8.CodePage)
        && (type.Charset.Length == 0 || type.Encoding is not null);
}
