using AllInOne.Core.Jobs;

namespace AllInOne.Core.Tests.Jobs;

public sealed class JobIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("9.report_daily-2")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")]
    public void An_id_keeps_its_text(string text) => Assert.Equal((text, text), (JobId.Parse(text).Value, $"{JobId.Parse(text)}"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.a")]
    public void Other_text_is_no_id(string? text)
    {
        Assert.False(JobId.TryParse(text, out var id));
        Assert.Equal("", id.Value);
    }

    [Fact]
    public void Ids_have_the_ordinal_order()
    {
        string[] inOrder = ["B", "a", "a-b", "a.b", "b"];
        Assert.Equal(inOrder, inOrder.Reverse().Select(JobId.Parse).Order().Select(id => id.Value));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1795518838170222", 1795518838170222)]
    public void A_run_has_a_number_as_its_id(string text, long value)
    {
        Assert.True(RunId.TryParse(text, out var id));
        Assert.Equal((value, text), (id.Value, $"{id}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("9223372036854775808")]
    public void Other_text_is_no_id_of_a_run(string? text) => Assert.False(RunId.TryParse(text, out _));
}
