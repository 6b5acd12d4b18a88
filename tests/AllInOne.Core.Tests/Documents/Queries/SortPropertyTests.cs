namespace AllInOne.Core.Tests.Documents.Queries;

public class SortPropertyTests
{
    /// <summary>The number of characters of a string that count in an order.</summary>
    private const int Characters = 128;

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
            var expected = Sorted(documents.Where(document => filter?.Matches(document) ?? true), sort).Select(document => document.Id);
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

    private static IEnumerable<TestDocument> Sorted(IEnumerable<TestDocument> documents, List<string> sort)
    {
        List<string> whole = [.. sort, sort.LastOrDefault()?.StartsWith('-') ?? false ? "-id" : "id"];
        return documents.Order(Comparer<TestDocument>.Create((left, right) =>
            whole.Select(field => Compare(left, right, field)).FirstOrDefault(order => order != 0)));
    }

    private static int Compare(TestDocument left, TestDocument right, string field)
    {
        var path = field.TrimStart('-');
        var order = PlainValue.Compare(PlainValue.Of(left, path), PlainValue.Of(right, path), Characters);
        return field.StartsWith('-') ? -order : order;
    }
}
