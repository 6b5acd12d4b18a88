namespace AllInOne.Core.Tests.Documents.Queries;

public class SortPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void All_pages_together_are_the_whole_list_in_order(int seed)
    {
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        var documents = Enumerable.Range(0, 120).Select(queries.Document).ToList();
        using var table = new QueryTable();
        documents.ForEach(table.Add);
        table.Index("a");
        table.Index("b");
        for (var i = 0; i < 200; i++)
        {
            var sort = Enumerable.Range(0, random.Next(4)).Select(_ => queries.Path()).Distinct()
                .Select(path => random.Next(2) == 0 ? path : $"-{path}").ToList();
            var filter = random.Next(2) == 0 ? null : queries.Filter();
            var expected = PlainValue.Sort(documents.Where(document => filter?.Matches(document) ?? true), sort).Select(document => document.Id);
            Assert.Equal(expected, Walk(table, filter?.Write(random), string.Join(',', sort), random));
        }
    }

    private static List<string> Walk(QueryTable table, string? filter, string sort, Random random)
    {
        List<string> all = [];
        string? cursor = null;
        do
        {
            var (ids, next) = table.Page(filter, sort, cursor, random.Next(1, 30));
            all.AddRange(ids);
            cursor = next;
        }
        while (cursor is not null);

        return all;
    }
}
