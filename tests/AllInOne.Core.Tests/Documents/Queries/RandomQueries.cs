using System.Text.Encodings.Web;
using System.Text.Json;

namespace AllInOne.Core.Tests.Documents.Queries;

/// <summary>
/// Documents and filters from a seed. Both use the same few names and values, so that a filter often finds its field, often
/// with another type.
/// </summary>
internal sealed class RandomQueries(Random random)
{
    private static readonly string[] Names = ["a", "b", "c-d", "E_1"];

    private static readonly string[] Paths =
        ["a", "b", "c-d", "E_1", "a.a", "a.b", "b.0", "b.1", "b.0.a", "a.E_1.c-d", "none", "id", "version", "created", "updated"];

    private static readonly string[] Operators = ["=", "!=", "<", "<=", ">", ">=", "~"];

    private static readonly int[] Lengths = [127, 128, 129, 300];

    private static readonly string[] Ends = ["", "a", "b", "😀"];

    private static readonly string[] Times =
        ["\"1970-01-01T00:00:01Z\"", "\"1970-01-01T01:00:02+01:00\"", "\"1970-01-01t00:00:03.000000z\"", "\"1970-01-01\""];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "-1", "1.0", "1.5", "1e2", "100", "-0", "9007199254740993", "9223372036854775807",
        "1e300", "-1e300", "0.1", "0.30000000000000004", "\"\"", "\"1\"", "\"true\"", "\"null\"", "\"a\"", "\"A\"", "\"ab\"", "\"b\"",
        "\"Ä\"", "\"ä\"", "\"\\uffee\"", "\"\\ud83d\\ude00\"", "\"O'Neil\"", "\"say \\\"hi\\\"\"", "\"back\\\\slash\"", "\"%\"", "\"_\"", "\"[1]\"",
        .. LongStrings(),
    ];

    public TestDocument Document(int number) =>
        new($"{(char)('a' + random.Next(3))}{number:0000}", random.Next(5), Micros(), Micros(), Object(0));

    public PlainFilter Filter(int depth = 0) => random.Next(depth > 3 ? 4 : 9) switch
    {
        < 4 => Comparison(),
        4 => new PlainFilter.Opposite(Filter(depth + 1)),
        var kind => new PlainFilter.Group(kind > 6, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Filter(depth + 1))]),
    };

    public string Path() => random.GetItems(Paths, 1)[0];

    // The lengths are around the length up to which a string is its own key, and beyond it.
    private static IEnumerable<string> LongStrings() =>
        from length in Lengths
        from end in Ends
        select JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("é", length - 1)) + end, Relaxed);

    private PlainFilter.Compared Comparison()
    {
        var path = Path();
        var compare = random.GetItems(Operators, 1)[0];
        if (path is "created" or "updated")
        {
            return new PlainFilter.Compared(path, compare == "~" ? "=" : compare, random.Next(4) == 0 ? "5" : Time());
        }

        return new PlainFilter.Compared(path, compare, path == "id" && random.Next(2) == 0 ? "\"b\"" : Scalar());
    }

    private string Scalar() => random.GetItems(Scalars, 1)[0];

    private long Micros() => 1_000_000L * random.Next(4);

    private string Time() => random.GetItems(Times, 1)[0];

    private string Value(int depth) => random.Next(depth > 2 ? 4 : 8) switch
    {
        < 4 => Scalar(),
        < 6 => Object(depth + 1),
        _ => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth + 1)))}]",
    };

    private string Object(int depth)
    {
        var members = Names.Where(_ => random.Next(4) > 0).Select(name => $"\"{name}\":{Value(depth)}");
        return $"{{{string.Join(',', members)}}}";
    }
}
