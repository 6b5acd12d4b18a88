using System.Text;
using System.Text.Json;
using AllInOne.Core.State.Operations;

namespace AllInOne.Core.Tests.State;

/// <summary>Lists in pieces compared with plain lists: the same elements at both ends, the same text, and older lists do not change.</summary>
public sealed class JsonListTests
{
    private static readonly string[] Elements =
    [
        "0", "-1.5e3", "true", "null", "\"\"", "\"a\\\"b\"", "\"\\\\\"", "\"ends with \\\\\"", "\"[,]{:}\"", "[]", "[1, [2,\"]\"]]", "{}",
        "{\"a\": \"}\", \"b\": [\"\\\\\\\"\", {}]}", "\"ü€\"", $"\"{new string('x', 3000)}\"",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_changes_give_the_same_result_as_a_plain_list(int seed)
    {
        var (random, list, plain) = (new Random(seed), JsonList.Empty, new List<string>());
        var olds = new List<(JsonList List, string Text)>();
        for (var step = 0; step < 4000; step++)
        {
            // The list grows, shrinks, and grows again.
            var grows = random.Next(10) < (step / 1000 % 2 == 0 ? 7 : 3);
            if (grows || plain.Count == 0)
            {
                string[] more = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Elements[random.Next(Elements.Length)])];
                var first = random.Next(4) == 0;
                list = first ? list.Prepend([.. more.Select(StateAtWork.Json)]) : list.Append([.. more.Select(StateAtWork.Json)]);
                plain.InsertRange(first ? 0 : plain.Count, more);
            }
            else
            {
                var last = random.Next(3) == 0;
                var (element, left) = list.Take(last);
                Assert.Equal(last ? plain[^1] : plain[0], Encoding.UTF8.GetString(element.Span));
                plain.RemoveAt(last ? plain.Count - 1 : 0);
                list = left;
            }

            Assert.Equal(plain.Count, list.Count);
            // The bytes of the list, in pieces that may keep as many removed bytes again. A piece has an overhead, and there are at most
            // as many pieces as elements.
            Assert.InRange(list.Size, list.Length - list.Count - 2, (2 * list.Length) + (104 * list.Count));
            if (step % 50 == 0)
            {
                var text = Encoding.UTF8.GetString(list.ToJson());
                Assert.Equal(plain, JsonSerializer.Deserialize<JsonElement>(text).EnumerateArray().Select(element => element.GetRawText()));
                olds.Add((list, text));
                // As after a restart, with white space between the elements.
                list = JsonList.Parse(random.Next(2) == 0 ? list.ToJson() : Encoding.UTF8.GetBytes($"[ {string.Join(" ,\n", plain)} ]"));
            }
        }

        while (list.Count > 0)
        {
            list = list.Take(random.Next(2) == 0).Left;
        }

        Assert.Equal(0, list.Size);
        Assert.All(olds, old => Assert.Equal(old.Text, Encoding.UTF8.GetString(old.List.ToJson())));
    }

    [Fact]
    public void The_size_counts_taken_elements_that_a_piece_still_holds()
    {
        var elements = Enumerable.Range(0, 8).Select(_ => (ReadOnlyMemory<byte>)StateAtWork.Json($"\"{new string('x', 98)}\"")).ToList();
        var list = JsonList.Empty.Append(elements);
        var (piece, whole) = (8 * 101 - 1, list.Size);
        Assert.InRange(whole, piece, piece + 200);

        for (var taken = 1; taken <= 3; taken++)
        {
            list = list.Take(last: false).Left;
            Assert.Equal(whole, list.Size);
        }

        // Half of the elements of the piece are gone, so the rest is copied.
        var (element, left) = list.Take(last: false);
        Assert.Equal(whole - piece + (4 * 101) - 1, left.Size);
        Assert.Equal(whole - piece + (5 * 101) - 1, left.Append([element]).Size);
    }

    [Fact]
    public void An_array_as_it_was_written_stays_an_array_when_elements_are_taken()
    {
        var list = JsonList.Parse(" [ 1 , {\"a\" : [ 2 ]} , \"x\" ] "u8.Trim(" "u8));
        foreach (var last in (bool[])[false, true])
        {
            var left = list.Take(last).Left;
            Assert.Equal(2, JsonSerializer.Deserialize<JsonElement>(left.ToJson()).GetArrayLength());
            Assert.Equal(left.Length, left.ToJson().Length);
        }
    }
}
