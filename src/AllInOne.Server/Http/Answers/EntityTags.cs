using System.Globalization;
using AllInOne.Core.Values;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AllInOne.Server.Http.Answers;

/// <summary>Entity tags (RFC 9110).</summary>
internal static class EntityTags
{
    /// <summary>The tag of a version.</summary>
    public static EntityTagHeaderValue Of(long version) =>
        new($"\"{version.ToString(CultureInfo.InvariantCulture)}\"");

    /// <summary>Reads the condition of a write from <c>If-Match</c> and <c>If-None-Match</c>, or returns the problem to answer.</summary>
    public static (VersionCondition Condition, Problem? Wrong) ConditionOf(HttpRequest request)
    {
        var (match, matchIsWrong) = Versions(request.Headers.IfMatch, strong: true);
        var (noneMatch, noneMatchIsWrong) = Versions(request.Headers.IfNoneMatch, strong: false);
        return (new VersionCondition(match, noneMatch), matchIsWrong || noneMatchIsWrong
            ? Problem.BadRequest("If-Match and If-None-Match take * or entity tags in double quotes, such as \"3\".")
            : null);
    }

    /// <summary>The answer to a write whose condition does not hold.</summary>
    public static Problem Failed() => Problem.Of(
        StatusCodes.Status412PreconditionFailed, "What is there is not, or no longer, as If-Match or If-None-Match says; nothing was changed.");

    /// <summary>Whether <c>If-None-Match</c> matches this tag (weak comparison, or <c>*</c>); then the answer is 304.</summary>
    public static bool Match(HttpRequest request, EntityTagHeaderValue tag) =>
        request.Headers.IfNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var given)
        && given.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(tag, useStrongComparison: false));

    // A tag that the server has not made matches no version. A weak tag never matches in If-Match.
    private static (VersionSet? Set, bool IsWrong) Versions(StringValues header, bool strong)
    {
        if (header.Count == 0)
        {
            return (null, false);
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags))
        {
            return (null, true);
        }

        var any = tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any));
        var versions = tags.Where(tag => !(strong && tag.IsWeak)).Select(tag => VersionOf(tag.Tag)).OfType<long>();
        return (new VersionSet(any, [.. versions]), false);
    }

    private static long? VersionOf(StringSegment tag) =>
        long.TryParse(tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
