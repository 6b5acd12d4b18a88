using AllInOne.EndToEnd.Tests.Dashboard;
using AllInOne.EndToEnd.Tests.Limits;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("AllInOne.EndToEnd.Tests.Running.LongestFirst", "AllInOne.EndToEnd.Tests")]

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>
/// The tests of a collection run one after the other, beside those of other collections. Those that take the longest begin first, so that the suite does not
/// wait for them at its end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [Browser.Collection, nameof(SmallMemoryTests), nameof(ClockTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(
        collection => Array.FindIndex(Longest, one => collection.DisplayName.EndsWith(one, StringComparison.Ordinal)) is var place and >= 0 ? place : Longest.Length);
}
