using System.Buffers.Text;
using AllInOne.Core.Documents.Queries;

namespace AllInOne.Core.Tests.Documents.Queries;

public sealed class QueryCursorTests : IDisposable
{
    private readonly QueryTable _table = new();

    public QueryCursorTests() => _table.Add("""{"a":1}""", """{"a":"x"}""", """{"a":null}""");

    public void Dispose() => _table.Dispose();

    [Fact]
    public void A_cursor_continues_the_list_that_returned_it()
    {
        var next = _table.Page("a != 7", "a", null, 1).Next;
        Assert.Equal(["d001", "d002"], _table.Page(" a!=7 ", "a,id", next, 5).Ids);
    }

    [Theory]
    [InlineData("documents", "a != 8", "a")]
    [InlineData("documents", null, "a")]
    [InlineData("documents", "a != 7", "-a")]
    [InlineData("documents", "a != 7", "b")]
    [InlineData("documents", "a != 7", null)]
    [InlineData("others", "a != 7", "a")]
    public void A_cursor_of_another_list_is_refused(string scope, string? filter, string? sort)
    {
        var next = _table.Page("a != 7", "a", null, 1).Next;
        AssertRefused(scope, filter, sort, next!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("=")]
    [InlineData("d001")]
    [InlineData("ä")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR 1=1 --")]
    public void A_text_that_is_no_cursor_is_refused(string cursor) => AssertRefused("documents", "a != 7", "a", cursor);

    [Fact]
    public void A_changed_cursor_is_refused_or_names_another_place()
    {
        var random = new Random(1);
        var next = Base64Url.DecodeFromChars(_table.Page(null, "a", null, 2).Next);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = next[..random.Next(next.Length + 1)];
            for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.InRange(_table.Page(null, "a", Base64Url.EncodeToString(bytes), 5).Ids.Count, 0, 3);
            }
            catch (QueryException refused)
            {
                Assert.Equal("cursor", refused.Parameter);
            }
        }
    }

    [Fact]
    public void A_cursor_stays_short_however_long_the_values_are()
    {
        _table.Add($$"""{"b":"{{new string('é', 500_000)}}"}""", $$"""{"b":"{{new string('é', 500_000)}}x"}""");
        var next = _table.Page(null, "-b", null, 1).Next!;
        Assert.InRange(next.Length, 1, 500);
        Assert.Equal(["d004"], _table.Page(null, "-b", next, 1).Ids);
    }

    [Fact]
    public void Text_that_is_no_Unicode_is_a_place_like_any_other()
    {
        _table.Add("""{"b":"\ud800a"}""", """{"b":"\ud800b"}""", """{"b":"\ufffd"}""", """{"b":"x\u0000b"}""", """{"b":"x\u0000a"}""");
        List<string> all = [];
        string? cursor = null;
        do
        {
            var (ids, next) = _table.Page("b != null", "b", cursor, 1);
            all.AddRange(ids);
            cursor = next;
        }
        while (cursor is not null);

        Assert.Equal(_table.Find("b != null", "b"), string.Join(' ', all));
        Assert.Equal(5, all.Count);
    }

    [Theory]
    [InlineData("a,,b", 3)]
    [InlineData("a,", 3)]
    [InlineData("-", 2)]
    [InlineData("a, -a", 5)]
    [InlineData("a;b", 2)]
    [InlineData("a desc", 2)]
    [InlineData("a,b,c,d,e,f,g,h,i", 17)]
    public void An_invalid_order_is_refused_with_its_place(string sort, int position)
    {
        var refused = Assert.Throws<QueryException>(() => DocumentQuery.Parse("documents", null, sort, null, QueryLimits.Default));
        Assert.Equal(("sort", position), (refused.Parameter, refused.Position));
    }

    private static void AssertRefused(string scope, string? filter, string? sort, string cursor)
    {
        var refused = Assert.Throws<QueryException>(() => DocumentQuery.Parse(scope, filter, sort, cursor, QueryLimits.Default));
        Assert.Equal(("cursor", null), (refused.Parameter, refused.Position));
        Assert.Contains("another collection, filter or order", refused.Message, StringComparison.Ordinal);
    }
}
