using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Sqlite;

namespace AllInOne.Core.Tests.Documents.Queries;

public class FieldPathTests
{
    [Theory]
    [InlineData("a", "'$.\"a\"'")]
    [InlineData("a.b-c.D_9", "'$.\"a\".\"b-c\".\"D_9\"'")]
    [InlineData("lines.0.price", "'$.\"lines\"[0].\"price\"'")]
    [InlineData("a.0.12", "'$.\"a\"[0][12]'")]
    [InlineData("a.1x", "'$.\"a\".\"1x\"'")]
    [InlineData("ids", "'$.\"ids\"'")]
    public void A_path_is_quoted_name_by_name(string path, string expected) =>
        Assert.Equal(expected, FieldSql.JsonPath(FieldPath.Parse(path)));

    [Theory]
    [InlineData("", 1)]
    [InlineData(".", 1)]
    [InlineData("a.", 3)]
    [InlineData("a..b", 3)]
    [InlineData("a b", 2)]
    [InlineData("a'", 2)]
    [InlineData("a\"", 2)]
    [InlineData("a.b\\", 4)]
    [InlineData("a;DROP TABLE documents", 2)]
    [InlineData("a')--", 2)]
    [InlineData("$.a", 1)]
    [InlineData("a[0]", 2)]
    [InlineData("a.#-1", 3)]
    [InlineData("a\0", 2)]
    [InlineData("ä", 1)]
    [InlineData("a.ａ", 3)]
    [InlineData("a.٣", 3)]
    [InlineData("0", 1)]
    [InlineData("0.a", 1)]
    [InlineData("a.00", 3)]
    [InlineData("a.01", 3)]
    [InlineData("a.4294967296", 3)]
    [InlineData("id.a", 1)]
    [InlineData("created.0", 1)]
    public void Text_that_could_mean_more_than_a_name_is_refused_with_its_place(string path, int position)
    {
        var refused = Assert.Throws<QueryException>(() => FieldPath.Parse(path));
        Assert.Equal(("path", position), (refused.Parameter, refused.Position));
        Assert.False(FieldPath.TryParse(path, out _));
    }

    [Fact]
    public void Every_character_outside_of_letters_digits_underscore_and_hyphen_is_refused()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var allowed = c < 128 && (char.IsAsciiLetterOrDigit((char)c) || c is '_' or '-' or '.');
            Assert.Equal(allowed, FieldPath.TryParse($"a{(char)c}a", out _));
        }
    }

    [Fact]
    public void A_path_has_at_most_16_names_of_at_most_64_characters()
    {
        var longest = new string('x', 64);
        Assert.True(FieldPath.TryParse(string.Join('.', Enumerable.Repeat(longest, 16)), out _));
        Assert.False(FieldPath.TryParse(longest + "x", out _));
        Assert.False(FieldPath.TryParse(string.Join('.', Enumerable.Repeat("x", 17)), out _));
        Assert.False(FieldPath.TryParse(new string('.', 10_000_000), out _));
        Assert.False(FieldPath.TryParse(null, out _));
    }
}
