using AllInOne.EndToEnd.Tests.Dashboard;
using AllInOne.EndToEnd.Tests.Limits;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("AllInOne.EndToEnd.Tests.Running.LongestFirst", "AllInOne.EndToEnd.Tests")]

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>
/// Starts the longest collections of tests first. Collections run in parallel, but the tests of one collection run one after another. So a long
/// collection that starts last would run alone at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [Browser.Collection, nameof(SmallMemoryTests), nameof(ClockTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(
        collection => Array.FindIndex(Longest, one => collection.DisplayName.EndsWith(one, StringComparison.Ordinal)) is var place and >= 0 ? place : Longest.Length);
}
