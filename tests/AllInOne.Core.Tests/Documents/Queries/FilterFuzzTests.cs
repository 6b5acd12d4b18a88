using System.Text;
using System.Text.RegularExpressions;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Sqlite;

namespace AllInOne.Core.Tests.Documents.Queries;

/// <summary>Hostile text is either understood, or refused with its place. No part of it gets into SQL.</summary>
public partial class FilterFuzzTests
{
    /// <summary>A text that no part of the SQL of this folder can contain. It marks text from outside.</summary>
    private const string Mark = "zZqQ";

    private static readonly string[] Pieces =
    [
        "a", "b.c", "id", "created", "a.0", "-", "_", ".", "..", "'", "\"", "\\", "\\'", "\\u0027", "\\u0000", "''", "\"\"", "--", "/*", "*/", ";",
        "(", ")", "&&", "||", "&", "|", "!", "!=", "=", "<", "<=", ">", ">=", "~", "%", "?1", "?", ":x", "@x", "$", "$.", "[0]", "#",
        "1", "-1.5", "1e5", "1e999", "0x1", "NaN", "null", "true", "false", " ", "\n", "\0", "\ud83d", "\ude00", "é", "\u202e",
        " OR 1=1", "'); DROP TABLE documents; --", "UNION SELECT", "json_extract(", "x''", "\"2026-01-01T00:00:00Z\"",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Anything_is_understood_or_refused(int seed)
    {
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        using var table = new QueryTable();
        table.Add("""{"a":1}""", """{"a":"x","b":{"c":[1]}}""");
        var understood = 0;
        for (var i = 0; i < 10_000; i++)
        {
            understood += Try(table, Text(random, queries)) ? 1 : 0;
        }

        Assert.InRange(understood, 500, 9_500);
        Assert.Equal("d001 d002", table.Find(null));
    }

    [Fact]
    public void Values_of_a_filter_are_in_no_SQL_text()
    {
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            var hostile = Mark + string.Concat(random.GetItems(Pieces, random.Next(5)).Where(IsText)) + Mark;
            var query = Parse($"a.b {(random.Next(2) == 0 ? "=" : "~")} {Quoted(hostile)} || id > {Quoted(hostile)} || c != 31415926", "-a.b,c");
            var sql = Sql(query);
            Assert.DoesNotContain(Mark, sql, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("31415926", sql, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_SQL_of_every_accepted_filter_has_only_our_own_words_and_quoted_paths()
    {
        var random = new Random(4);
        var queries = new RandomQueries(random);
        for (var i = 0; i < 20_000; i++)
        {
            try
            {
                Assert.Matches(OwnWords(), Sql(Parse(Text(random, queries), "-a.b,c")));
            }
            catch (QueryException)
            {
                // Refused; the other tests check this.
            }
        }
    }

    // The tokens of our SQL; a path is a literal of quoted names and bracketed indexes.
    [GeneratedRegex(
        """
        \A(?:\s+|'\$(?:\."[A-Za-z0-9_-]{1,64}"|\[[0-9]{1,9}\])*'|'(?:text|integer|real|true|false|array|object|null|)'|x''
        |\?[0-9]+|-?[0-9]+(?:\.[0-9]+)?(?:e[0-9]+)?|[(),]|<=|>=|[=<>]
        |CASE|WHEN|THEN|ELSE|END|AND|OR|NOT|EXISTS|SELECT|FROM|WHERE|AS|IN|DESC
        |json_type|json_extract|json_each|substr|max|contains|ifnull|unlikely|data|id|version|created|updated|e\.type|e\.atom|e)*\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking)]
    private static partial Regex OwnWords();

    private static bool Try(QueryTable table, string text)
    {
        try
        {
            table.Find(text);
            return true;
        }
        catch (QueryException refused)
        {
            Assert.Equal("filter", refused.Parameter);
            Assert.InRange(refused.Position!.Value, 1, text.Length + 1);
            return false;
        }
    }

    private static string Text(Random random, RandomQueries queries) => random.Next(4) switch
    {
        0 => Bytes(random),
        1 => string.Concat(random.GetItems(Pieces, random.Next(1, 20))),
        2 => queries.Filter().Write(random),
        _ => Mutated(queries.Filter().Write(random), random),
    };

    private static string Bytes(Random random)
    {
        var bytes = new byte[random.Next(60)];
        random.NextBytes(bytes);
        return random.Next(2) == 0 ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    private static string Mutated(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(mutated.Length);
            switch (random.Next(3))
            {
                case 0:
                    mutated.Remove(at, Math.Min(mutated.Length - at, random.Next(1, 4)));
                    break;
                case 1:
                    mutated.Insert(at, random.GetItems(Pieces, 1)[0]);
                    break;
                default:
                    mutated.Insert(at, text.AsSpan(random.Next(text.Length)));
                    break;
            }

            mutated.Append(' ');
        }

        return mutated.ToString();
    }

    private static bool IsText(string piece) => !piece.Contains('\0', StringComparison.Ordinal) && !piece.Any(char.IsSurrogate);

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static DocumentQuery Parse(string filter, string sort) =>
        DocumentQuery.Parse("documents", filter, sort, null, QueryLimits.Default);

    private static string Sql(DocumentQuery query) =>
        string.Join(' ', QuerySql.StepsOf(query).Select(step => $"{step.Where} {step.OrderBy} {string.Join(' ', step.Keys)}"));
}
