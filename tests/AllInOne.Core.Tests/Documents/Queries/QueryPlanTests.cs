namespace AllInOne.Core.Tests.Documents.Queries;

public class QueryPlanTests
{
    [Theory]
    [InlineData("a.b = 5", null)]
    [InlineData("a.b = \"x\"", null)]
    [InlineData("a.b = null", null)]
    [InlineData("a.b = true && c ~ \"x\"", null)]
    [InlineData("a.b > 5", null)]
    [InlineData("a.b <= 5", null)]
    [InlineData("a.b < \"x\"", null)]
    [InlineData("a.b >= \"x\"", "a.b")]
    [InlineData("a.b > 1 && a.b < 5", "-a.b")]
    [InlineData("c = 1 && (a.b = 1 && d = 2)", null)]
    public void A_comparison_is_a_search_in_an_index_on_its_path(string filter, string? sort) =>
        Assert.All(Plan(filter, sort), plan =>
        {
            Assert.Contains("SEARCH documents USING INDEX by_a.b", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE FOR ORDER BY", sort is null ? "" : plan, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("a.b")]
    [InlineData("-a.b")]
    [InlineData("a.b,id")]
    public void An_order_is_a_walk_over_an_index_on_its_path(string sort)
    {
        var plan = Assert.Single(Plan(null, sort));
        Assert.Equal("SCAN documents USING INDEX by_a.b", plan);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("-a.b")]
    public void A_page_behind_a_cursor_is_found_by_search_even_among_rows_that_are_alike(string sort)
    {
        using var table = Indexed();
        table.Add("""{"a":{"b":1}}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""");
        var cursor = table.Page(null, sort, null, 1).Next;
        var sign = sort[0] == '-' ? '<' : '>';
        var plan = table.Plan(null, sort, cursor);
        Assert.Equal(2, plan.Count);
        Assert.Equal($"SEARCH documents USING INDEX by_a.b (<expr>=? AND id{sign}?)", plan[0]);
        Assert.Equal($"SEARCH documents USING INDEX by_a.b (<expr>{sign}?)", plan[1]);
    }

    [Theory]
    [InlineData("created >= \"2026-01-31\"", null, "created", "SEARCH documents USING INDEX by_created (created>?); USE TEMP B-TREE FOR ORDER BY")]
    [InlineData("updated < \"2026-01-31\" && a ~ 1", "-updated", "updated", "SEARCH documents USING INDEX by_updated (updated<?)")]
    [InlineData("updated < \"2026-01-31\" || created > \"2026-01-31\"", "-updated", "updated", "SCAN documents USING INDEX by_updated")]
    [InlineData("version > 3", null, "version", "SEARCH documents USING INDEX by_version (version>?)")]
    [InlineData("version = 3", null, "version", "SEARCH documents USING INDEX by_version (version=?)")]
    [InlineData(null, "-created", "created", "SCAN documents USING INDEX by_created")]
    [InlineData(null, "version", "version", "SCAN documents USING INDEX by_version")]
    public void A_member_of_the_server_is_searched_by_an_index_on_it(string? filter, string? sort, string path, string expected)
    {
        using var table = new QueryTable();
        table.Index(path);
        Assert.StartsWith(expected, Assert.Single(table.Plan(filter, sort)), StringComparison.Ordinal);
    }

    [Fact]
    public void Alternatives_that_each_have_an_index_are_searches_too()
    {
        var plan = Assert.Single(Plan("a.b = 1 || a.b > 5 || id = \"x\"", null));
        Assert.StartsWith("MULTI-INDEX OR", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_ids_needs_no_index()
    {
        using var table = Indexed();
        table.Add("{}", "{}");
        Assert.Equal(["SEARCH documents USING PRIMARY KEY (id>?)"], table.Plan(null, null, table.Page(null, null, null, 1).Next));
    }

    private static List<string> Plan(string? filter, string? sort)
    {
        using var table = Indexed();
        return table.Plan(filter, sort);
    }

    private static QueryTable Indexed()
    {
        var table = new QueryTable();
        table.Index("a.b");
        return table;
    }
}
