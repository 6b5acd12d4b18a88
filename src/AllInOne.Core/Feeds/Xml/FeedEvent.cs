using AllInOne.Core.Entities.Snapshots;

namespace AllInOne.Core.Feeds.Xml;

/// <summary>The content of one event, as the parser has read it.</summary>
/// <param name="Reports">One report for each good element, in their order.</param>
/// <param name="BadElements">The number of skipped elements.</param>
/// <param name="Problem">The reason for the last skipped element, or for a broken event.</param>
/// <param name="Broken">Whether the event is not XML or exceeds a limit. Then there are no reports.</param>
internal readonly record struct FeedEvent(IReadOnlyList<EntityReport> Reports, int BadElements, string? Problem, bool Broken)
{
    public static FeedEvent Refused(string problem) => new([], 0, problem, true);
}
