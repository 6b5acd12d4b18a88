using System.Text;
using AllInOne.Core.State.Operations;

namespace AllInOne.Core.Tests.State;

/// <summary>Sets in trees compared with plain lists: the same members in the same order, the same text, and older sets do not change.</summary>
public sealed class JsonSetTests
{
    // Each row has one value, written in several ways.
    private static readonly string[][] Values =
    [
        ["0", "-0", "0.0", "0e7"], ["1", "1.0", "10e-1", "0.1e1"], ["9007199254740993"], ["9007199254740992"], ["1e999", "10E+998"], ["-1e999"],
        ["1e99999999999"], ["1e99999999998"], ["0e99999999999"], ["0.0120", "12e-3", "0.00012E2"], ["-0.012"], ["1e2147483647"], ["1e-2147483648"],
        ["true"], ["null"],
        ["\"a\"", "\"\\u0061\""], ["\"\""], ["\"1\""], ["\"ü\\\"\"", "\"\\u00fc\\u0022\""], ["[]", "[ ]"], ["[1, 2]", "[1.0,2]"], ["[2,1]"], ["{}"],
        ["{\"a\":1,\"b\":[true]}", "{ \"b\": [true], \"\\u0061\": 1.0 }"], ["{\"a\":1,\"b\":[false]}"],
    ];

    [Fact]
    public void Members_are_equal_as_JSON_says_however_they_are_written()
    {
        foreach (var (one, n) in Values.Select((one, n) => (one, n)))
        {
            Assert.Equal(1, JsonSet.Empty.With(one.Select(Member)).Count);
            Assert.All(Values.Where((_, other) => other != n), other => Assert.NotEqual(Member(one[0]), Member(other[^1])));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_changes_give_the_same_result_as_a_plain_list(int seed)
    {
        // Enough values for a set that is stored as a tree.
        string[][] values = [.. Values, .. Enumerable.Range(100, 300).Select(n => (string[])[$"{{\"id\":{n}}}", $"{{ \"id\": {n}.0 }}"])];
        var (random, set, plain) = (new Random(seed), JsonSet.Empty, new List<(int Value, string Text)>());
        var olds = new List<(JsonSet Set, string Text)>();
        for (var step = 0; step < 2000; step++)
        {
            var some = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(values.Length))
                .Select(value => (Value: value, Text: values[value][random.Next(values[value].Length)])).ToList();
            // The set grows, shrinks, and grows again.
            if (random.Next(10) < (step / 700 % 2 == 0 ? 7 : 3))
            {
                set = set.With(some.Select(one => Member(one.Text)));
                some.ForEach(one => plain.AddRange(plain.Any(other => other.Value == one.Value) ? [] : [one]));
            }
            else
            {
                set = set.Without(some.Select(one => Member(one.Text)));
                some.ForEach(one => plain.RemoveAll(other => other.Value == one.Value));
            }

            Assert.Equal(plain.Count, set.Count);
            if (step % 50 == 0)
            {
                var text = Encoding.UTF8.GetString(set.ToJson());
                Assert.Equal($"[{string.Join(',', plain.Select(one => one.Text))}]", text);
                Assert.True(set.Count == 0 || set.Length == set.ToJson().Length);
                olds.Add((set, text));
                // As after a restart, with white space between the members.
                set = JsonSet.Parse(Encoding.UTF8.GetBytes($"[ {string.Join(" ,\n", plain.Select(one => one.Text))} ]"));
            }
        }

        Assert.All(olds, old => Assert.Equal(old.Text, Encoding.UTF8.GetString(old.Set.ToJson())));
    }

    [Fact]
    public void Equal_values_of_an_array_are_kept_and_removed_together()
    {
        var set = JsonSet.Parse("""[1, "a", 1.0, "\u0061", 2, 1]"""u8.ToArray());

        Assert.Equal(3, set.Count);
        Assert.Equal("""[1,"a",1.0,"\u0061",2,1,3]""", Encoding.UTF8.GetString(set.With([Member("3"), Member("1e0")]).ToJson()));
        Assert.Equal("""["a","\u0061",2]""", Encoding.UTF8.GetString(set.Without([Member("1"), Member("7")]).ToJson()));
        Assert.Equal("[]", Encoding.UTF8.GetString(set.Without([Member("2"), Member("\"a\""), Member("1.0")]).ToJson()));
    }

    private static JsonMember Member(string json) => new(StateAtWork.Json(json));
}
