using Microsoft.Net.Http.Headers;

namespace AllInOne.Server.Http;

/// <summary>Entity tags as RFC 9110 says.</summary>
internal static class EntityTags
{
    /// <summary>The tag of a version.</summary>
    public static EntityTagHeaderValue Of(long version) =>
        new($"\"{version.ToString(System.Globalization.CultureInfo.InvariantCulture)}\"");

    /// <summary>Whether the request may only be carried out if the resource is as the caller says.</summary>
    public static bool IsConditionalWrite(HttpRequest request) =>
        request.Headers.IfMatch.Count > 0 || request.Headers.IfNoneMatch.Count > 0;

    /// <summary>Whether <c>If-None-Match</c> names this tag (weak comparison, or <c>*</c>): the answer is then 304.</summary>
    public static bool Match(HttpRequest request, EntityTagHeaderValue tag) =>
        request.Headers.IfNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var given)
        && given.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(tag, useStrongComparison: false));
}
