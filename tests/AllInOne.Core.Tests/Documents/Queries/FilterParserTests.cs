using System.Diagnostics;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Filters;

namespace AllInOne.Core.Tests.Documents.Queries;

public class FilterParserTests
{
    [Theory]
    [InlineData("a=1||b=2&&c=3", "((a=1)||((b=2)&&(c=3)))")]
    [InlineData("(a=1||b=2)&&c=3", "(((a=1)||(b=2))&&(c=3))")]
    [InlineData("!a=1&&b=2", "(!(a=1)&&(b=2))")]
    [InlineData("!(a=1&&b=2)", "!((a=1)&&(b=2))")]
    [InlineData("!!a=1", "!!(a=1)")]
    [InlineData("a!=1", "(a!=1)")]
    [InlineData("a<-1.5e+3", "(a<-1.5e+3)")]
    [InlineData(" a\t~\n'it\\'s' ", "(a~\"it\\u0027s\")")]
    [InlineData("a = \"\\u00e4\\n\"", "(a=\"\\u00E4\\n\")")]
    [InlineData("true = true", "(true=true)")]
    [InlineData("a.0.b-c >= null", "(a.0.b-c>=null)")]
    [InlineData("((((a=1))))", "(a=1)")]
    public void A_filter_is_understood(string text, string expected) =>
        Assert.Equal(expected, FilterParser.Parse(text, QueryLimits.Default)!.ToString());

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Nothing_asks_for_everything(string text) => Assert.Null(FilterParser.Parse(text, QueryLimits.Default));

    [Theory]
    [InlineData("a", 2, "not the end")]
    [InlineData("a =", 4, "a value is expected")]
    [InlineData("a = b", 5, "a string in quotes")]
    [InlineData("= 1", 1, "the name of a field")]
    [InlineData("\"a\" = 1", 1, "the name of a field")]
    [InlineData("a = 1 b = 2", 7, "'&&' or '||' is expected, not 'b'")]
    [InlineData("a = 1 & b = 2", 7, "two signs")]
    [InlineData("a = 1 | b = 2", 7, "two signs")]
    [InlineData("a == 1", 4, "a value is expected")]
    [InlineData("(a = 1", 7, "')'")]
    [InlineData("a = 1)", 6, "never opened")]
    [InlineData("a = 1 &&", 9, "the name of a field")]
    [InlineData("!", 2, "the name of a field")]
    [InlineData("a = 01", 5, "a value is expected")]
    [InlineData("a = 1.", 5, "a value is expected")]
    [InlineData("a = +1", 5, "a value is expected")]
    [InlineData("a = NaN", 5, "a value is expected")]
    [InlineData("a = 1e999", 5, "too large")]
    [InlineData("a = -1.77e308", 5, "too large")]
    [InlineData("a = \"b", 5, "does not end")]
    [InlineData("a = \"b\\", 7, "no such escape")]
    [InlineData("a = \"b\\x\"", 7, "no such escape")]
    [InlineData("a = \"\\u12\"", 6, "no such escape")]
    [InlineData("a = \"\\u0000\"", 5, "U+0000")]
    [InlineData("a = \"\\ud800\"", 5, "surrogate")]
    [InlineData("a = \"\\ude00\\ud83d\"", 5, "surrogate")]
    [InlineData("a.b$ = 1", 4, "'$' means nothing")]
    [InlineData("a..b = 1", 3, "a name is expected")]
    [InlineData("a; DROP TABLE documents", 2, "';' means nothing")]
    [InlineData("a = 1 -- ", 7, "'&&' or '||' is expected")]
    [InlineData("id.x = 1", 1, "has no parts")]
    [InlineData("created > \"yesterday\"", 11, "is compared with a time")]
    [InlineData("updated ~ \"2026\"", 11, "'~' does not go with")]
    [InlineData("a = 1 \u00a0&& b = 1", 7, "means nothing")]
    public void An_error_names_its_place(string text, int position, string problem)
    {
        var refused = Assert.Throws<QueryException>(() => FilterParser.Parse(text, QueryLimits.Default));
        Assert.Equal(("filter", position), (refused.Parameter, refused.Position));
        Assert.StartsWith($"at {position}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_terms_are_refused_at_once()
    {
        var text = string.Join("||", Enumerable.Repeat("a=1", 10_000));
        var start = Stopwatch.GetTimestamp();
        Assert.Contains("characters", Refused(text, QueryLimits.Default).Message, StringComparison.Ordinal);
        Assert.Contains("500 comparisons", Refused(text, QueryLimits.Default with { MaxLength = 1 << 20 }).Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("!")]
    public void Nesting_past_the_limit_is_refused(string opening)
    {
        var limit = QueryLimits.Default.MaxDepth;
        var closing = opening == "(" ? ")" : "";
        string Nested(int depth) => string.Concat(Enumerable.Repeat(opening, depth)) + "a=1" + string.Concat(Enumerable.Repeat(closing, depth));
        Assert.NotNull(FilterParser.Parse(Nested(limit), QueryLimits.Default));
        Assert.Equal(limit + 1, Refused(Nested(limit + 1), QueryLimits.Default).Position);
        Assert.Equal(limit + 1, Refused(new string(opening[0], 16_000), QueryLimits.Default).Position);
    }

    [Theory]
    [InlineData("||")]
    [InlineData("&&")]
    public void A_filter_at_every_limit_runs(string conjunction)
    {
        var limits = new QueryLimits { MaxLength = 1 << 20, MaxTerms = 5_000, MaxDepth = 64 };
        var terms = string.Join(conjunction, Enumerable.Range(0, limits.MaxTerms).Select(i => $"a.b > {i}"));
        var nested = string.Concat(Enumerable.Repeat("!(", 32)) + terms + new string(')', 32);
        using var table = new QueryTable();
        table.Index("a.b");
        table.Add("""{"a":{"b":4999.5}}""");
        Assert.Equal("d001", table.Find(nested, limits: limits));
    }

    private static QueryException Refused(string text, QueryLimits limits) =>
        Assert.Throws<QueryException>(() => FilterParser.Parse(text, limits));
}
