using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities;

public class AttributeSetTests
{
    [Fact]
    public void Names_are_in_ordinal_order_whatever_order_they_came_in()
    {
        var set = AttributeSet.From([Pair("minute", "37"), Pair("away", "1"), Pair("Home", "2")]);
        Assert.Equal(["Home", "away", "minute"], set.Keys);
        Assert.Equal("37", set["minute"].Raw);
        Assert.False(set.ContainsKey("home"));
    }

    [Fact]
    public void Merging_equal_attributes_gives_the_same_instance()
    {
        var set = AttributeSet.From([Pair("a", "1"), Pair("b", "2")]);
        Assert.Same(set, set.Merge([Pair("b", "2.0")]));
        Assert.Same(set, set.Merge([]));
    }

    [Fact]
    public void Merging_replaces_adds_and_leaves_the_old_set_alone()
    {
        var old = AttributeSet.From([Pair("a", "1"), Pair("c", "3")]);
        var merged = old.Merge([Pair("c", "4"), Pair("b", "2"), Pair("b", "5")]);
        Assert.Equal(AttributeSet.From([Pair("a", "1"), Pair("b", "5"), Pair("c", "4")]), merged);
        Assert.Equal("3", old["c"].Raw);
        Assert.Equal(2, old.Count);
    }

    [Fact]
    public void The_size_is_the_bytes_of_names_and_values_however_the_set_was_made()
    {
        var merged = AttributeSet.From([Pair("b", "22"), Pair("b", "1")]).Merge([Pair("ä", "x"), Pair("a", "1"), Pair("a", "200")]).Merge([Pair("b", "33")]);
        // a 200, b 33, ä "x"
        Assert.Equal((1 + 3) + (1 + 2) + (2 + 3), merged.Bytes);
        Assert.Equal(0, AttributeSet.Empty.Bytes);
    }

    [Fact]
    public async Task Half_a_million_attributes_are_sorted_and_merged_without_comparing_each_with_each()
    {
        const int Count = 250_000;
        var half = Enumerable.Range(0, Count).Select(n => Pair($"a{n}", "1")).ToArray();
        var others = Enumerable.Range(0, Count).Select(n => Pair($"b{n}", "2")).ToArray();
        // An algorithm with quadratic time would take minutes here.
        var all = await Task.Run(() => AttributeSet.From(half).Merge(others)).WaitAsync(Until.Limit);
        Assert.Equal(2 * Count, all.Count);
        Assert.Equal(all.Keys.Order(StringComparer.Ordinal), all.Keys);
    }

    [Fact]
    public void Equality_is_by_content()
    {
        var one = AttributeSet.From([Pair("a", "1"), Pair("b", "x")]);
        var two = AttributeSet.From([Pair("b", "x"), Pair("a", "1.0")]);
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, AttributeSet.Empty);
    }

    private static KeyValuePair<string, JsonText> Pair(string name, string text) => new(name, JsonText.FromText(text));
}
