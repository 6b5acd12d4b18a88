using AllInOne.Core.Values;

namespace AllInOne.Core.Tests;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("", 3, "")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("a😀b", 3, "a…")]
    [InlineData("😀😀", 2, "…")]
    [InlineData("abcd", 1, "…")]
    public void A_text_is_cut_to_its_length_and_never_within_a_character(string text, int max, string expected) =>
        Assert.Equal(expected, Excerpt.Of(text, max));
}
