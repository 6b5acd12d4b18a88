using AllInOne.Server.Http.Answers;
using Microsoft.Net.Http.Headers;

namespace AllInOne.Server.Http.Requests;

/// <summary>
/// The reader of <c>Content-Type</c>: letter case and quotes do not matter (RFC 9110, 8.3.1), unknown parameters are ignored, and a charset must be
/// UTF-8.
/// </summary>
internal static class MediaType
{
    /// <summary>Whether a content type is one of these, in UTF-8.</summary>
    public static bool IsAnyOf(string? contentType, params ReadOnlySpan<string> wanted)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var given) || !IsUtf8(given))
        {
            return false;
        }

        foreach (var one in wanted)
        {
            if (given.MediaType.Equals(one, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The answer to another content type: 415 with a header that has the accepted types.</summary>
    public static Problem Unsupported(HttpRequest request, params ReadOnlySpan<string> wanted) => Problem.Unsupported(
        $"The body must be {string.Join(" or ", wanted)} in UTF-8.",
        HttpMethods.IsPatch(request.Method) ? "Accept-Patch" : HeaderNames.Accept,
        string.Join(", ", wanted));

    // With two different charsets, the charset of the body is unknown.
    private static bool IsUtf8(MediaTypeHeaderValue type)
    {
        foreach (var parameter in type.Parameters)
        {
            if (parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)
                && parameter.GetUnescapedValue().ToString().ToUpperInvariant() is not ("UTF-8" or "UTF8"))
            {
                return false;
            }
        }

        return true;
    }
}
