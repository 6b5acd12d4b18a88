using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Filters;

namespace AllInOne.Core.Tests.Documents.Queries;

public class FilterPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SQL_finds_the_documents_that_the_definition_selects(int seed)
    {
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        var documents = Enumerable.Range(0, 150).Select(queries.Document).OrderBy(document => document.Id, StringComparer.Ordinal).ToList();
        using var table = new QueryTable();
        documents.ForEach(table.Add);
        table.Index("a");
        table.Index("b.0");
        for (var i = 0; i < 800; i++)
        {
            var filter = queries.Filter();
            var text = filter.Write(random);
            var expected = string.Join(' ', documents.Where(filter.Matches).Select(document => document.Id));
            Assert.True(expected == table.Find(text), $"{text}\nexpected {expected}\nfound    {table.Find(text)}");
        }
    }

    [Fact]
    public void A_filter_that_is_written_out_is_read_as_the_same()
    {
        var random = new Random(4);
        var queries = new RandomQueries(random);
        for (var i = 0; i < 2_000; i++)
        {
            var filter = FilterParser.Parse(queries.Filter().Write(random), QueryLimits.Default)!.ToString();
            Assert.Equal(filter, FilterParser.Parse(filter, QueryLimits.Default with { MaxDepth = 64, MaxLength = 1 << 20 })!.ToString());
        }
    }
}
