using AllInOne.Core.Entities;

namespace AllInOne.Core.Feeds.Xml;

/// <summary>One event, read.</summary>
/// <param name="Reports">What its good elements say, in their order.</param>
/// <param name="BadElements">Elements left out.</param>
/// <param name="Problem">Why (of several the last), or why the event is broken.</param>
/// <param name="Broken">No XML or past a limit: then there are no reports.</param>
internal readonly record struct FeedEvent(IReadOnlyList<EntityReport> Reports, int BadElements, string? Problem, bool Broken)
{
    public static FeedEvent Refused(string problem) => new([], 0, problem, true);
}
