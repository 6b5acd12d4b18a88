using AllInOne.Core.Events;

namespace AllInOne.Core.Tests.Live;

public class TopicFilterTests
{
    [Theory]
    [InlineData("entities/light.hall", "entities/light.hall", true)]
    [InlineData("entities/light.hall", "entities/light.hall2", false)]
    [InlineData("entities/*", "entities/light.hall", true)]
    [InlineData("entities/light.*", "entities/lamp.hall", false)]
    [InlineData("*", "anything", true)]
    [InlineData("entities", "entities/light.hall", false)]
    public void Whole_topics_and_prefixes_match(string pattern, string topic, bool expected)
    {
        Assert.True(TopicFilter.TryParse([pattern], out var filter, out _));
        Assert.Equal(expected, filter.Matches(topic));
    }

    [Fact]
    public void Of_several_patterns_one_is_enough()
    {
        Assert.True(TopicFilter.TryParse(["jobs/*", "entities/light.hall"], out var filter, out _));
        Assert.True(filter.Matches("jobs/backup"));
        Assert.True(filter.Matches("entities/light.hall"));
        Assert.False(filter.Matches("entities/light.attic"));
    }

    [Fact]
    public void No_pattern_means_everything()
    {
        Assert.True(TopicFilter.TryParse([], out var filter, out _));
        Assert.True(filter.Matches("x"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("a*b")]
    [InlineData("**")]
    public void An_asterisk_elsewhere_or_nothing_at_all_is_refused_by_name(string? pattern)
    {
        Assert.False(TopicFilter.TryParse(["entities/*", pattern], out _, out var error));
        Assert.Contains($"'{pattern}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_and_number_of_patterns_are_limited()
    {
        Assert.False(TopicFilter.TryParse([new string('a', 513)], out _, out _));
        Assert.False(TopicFilter.TryParse([.. Enumerable.Repeat("a", 1001)], out _, out _));
    }
}
